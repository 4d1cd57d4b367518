"""One real Kafka for all integration tests of a run."""

from collections.abc import Iterator

import pytest

from local.kafka import LocalKafka, free_port


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever lies in this folder needs real servers; only 'make integration' runs it."""
    for item in items:
        if "integration" in item.path.parts:
            item.add_marker(pytest.mark.integration)


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The bootstrap address of a broker with no topics; tests make their own, by names of their own."""
    with LocalKafka(tmp_path_factory.mktemp("kafka"), free_port()) as broker:
        yield broker.bootstrap
