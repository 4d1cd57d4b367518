"""What a worker makes of its input: every codec is read, and what can't be counted is a dead letter, once."""

import json
import signal
import time
from datetime import UTC, datetime, timedelta

import pytest

from tests.integration.workers import (
    Deployment,
    Message,
    consume,
    eventually,
    expected_lines,
    kpi_lines,
    message_of,
    produce,
    random_events,
    workers,
)

LISTED = ("S0000", "S0001")

DIE_IN_SECOND_CHECKPOINT = """
import os, signal
from aiokafka import AIOKafkaProducer
commit, commits = AIOKafkaProducer.commit_transaction, []
async def die_at_the_second(self):
    commits.append(self)
    if len(commits) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    await commit(self)
AIOKafkaProducer.commit_transaction = die_at_the_second
"""


@pytest.fixture
def deployment(kafka, request, tmp_path):
    stores = tmp_path / "stores.toml"
    stores.write_text("".join(f'[[stores]]\nid = "{store}"\n' for store in LISTED), encoding="utf-8")
    listed = {"BAYPULSE_STORES_ACCEPT_UNKNOWN": "false", "BAYPULSE_STORES_FILE": str(stores)}
    name = request.node.name.replace("[", ".").replace("]", "")
    return Deployment(kafka, name, partitions=2, extra=listed).create()


@pytest.fixture
def start(deployment, tmp_path):
    with workers(deployment, tmp_path) as start:
        yield start


def an_event(number, **changes):
    """A check-in that is all right but for the changes, as JSON."""
    fields = {
        "specversion": "1.0",
        "id": str(number),
        "source": "test",
        "type": "workshop.vehicle.checked_in",
        "time": "2026-03-20T09:00:00+08:00",
        "storeid": "S0000",
        "data": {"order_id": f"o{number}", "vehicle_id": f"v{number}"},
    }
    return json.dumps(fields | changes).encode()


def keyed(value, key=b"S0000", **rest):
    return Message(value, key, **rest)


def in_minutes(minutes):
    return (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat()


POISON = {
    "not JSON": (keyed(b"{"), "malformed", ""),
    "no value": (keyed(b""), "malformed", ""),
    "bytes that are no text": (keyed(b"\xff\xfe\x00"), "malformed", ""),
    "a list": (keyed(b"[1, 2]"), "malformed", ""),
    "a wrong field": (keyed(an_event(1, data={"order_id": "o", "vehicle_id": 7})), "malformed", "data.vehicle_id"),
    "a missing field": (keyed(an_event(2, data={"order_id": "o"})), "malformed", "data.vehicle_id"),
    "no type": (keyed(b'{"id": "1"}'), "malformed", "type"),
    "an unknown type": (keyed(an_event(3, type="workshop.vehicle.painted_pink")), "unknown_type", "type"),
    "another key": (keyed(an_event(4), b"S0001"), "wrong_key", "storeid"),
    "no key": (Message(an_event(5), None, partition=0), "wrong_key", "storeid"),
    "an unknown store": (keyed(an_event(6, storeid="S9999"), b"S9999"), "unknown_store", "storeid"),
    "the future": (keyed(an_event(7, time=in_minutes(10))), "future", "time"),
    "far too much": (keyed(an_event(8, subject="x" * 300_000)), "oversized", ""),
}


def letters(deployment):
    """The dead letters by the offset they came from."""
    found = consume(deployment.bootstrap, deployment.dead, deployment.partitions)
    return [({name: value.decode() for name, value in record.headers}, record) for record in found]


def test_every_codec_is_read(deployment, start):
    events = random_events(2, 10)
    truth = expected_lines(events)
    for number, codec in enumerate(("gzip", "snappy", "lz4", "zstd")):
        some = [message_of(event) for event in events[number::4]]
        produce(deployment.bootstrap, deployment.events, some, compression=codec)
    worker = start()
    eventually(lambda: kpi_lines([worker.metrics()]) == truth)


def test_poison_is_a_dead_letter_exactly_once_whatever_dies(deployment, start):
    events = random_events(2, 10)
    truth = expected_lines(events)
    good = [message_of(event) for event in events]
    poison = [message for message, _, _ in POISON.values()]
    torn = start(DIE_IN_SECOND_CHECKPOINT)
    eventually(torn.is_ready)
    produce(deployment.bootstrap, deployment.events, good[:50] + poison)
    eventually(lambda: torn.process.poll() is not None or produce_one_more(deployment, good[50:51]))
    produce(deployment.bootstrap, deployment.events, good[50:])
    worker = start()
    eventually(lambda: kpi_lines([worker.metrics()]) == truth)
    assert worker.stop() == 0
    found = letters(deployment)
    assert torn.process.returncode == -signal.SIGKILL
    assert sorted((h["reason"], h["field"]) for h, _ in found) == sorted((r, f) for _, r, f in POISON.values())
    origins = {(h["topic"], h["partition"], h["offset"]) for h, _ in found}
    assert len(origins) == len(POISON)
    assert {record.value for _, record in found} == {message.value for message in poison}


def produce_one_more(deployment, message):
    """Give the worker something to save; the same event again counts once."""
    produce(deployment.bootstrap, deployment.events, message)
    time.sleep(0.1)
    return False


def test_an_event_of_a_case_that_is_over_is_late(deployment, start):
    old, new = "2025-01-10T09:00:00+08:00", "2026-03-20T09:00:00+08:00"
    sent = [an_event(1, time=new), an_event(2, time=old)]
    produce(deployment.bootstrap, deployment.events, map(keyed, sent))
    worker = start()
    eventually(lambda: worker.value("workshop_worker_dead_letters_total"))
    assert worker.stop() == 0
    ((headers, record),) = letters(deployment)
    assert (headers["reason"], record.value) == ("late", sent[1])


def test_a_topic_full_of_the_wrong_thing_stops_the_worker(deployment, start):
    produce(deployment.bootstrap, deployment.events, [keyed(b"nonsense")] * 1500)
    worker = start()
    assert worker.wait() == 1
    assert "records of" in worker.said()
    assert "were refused" in worker.said()
    assert letters(deployment) == []


def test_unknown_fields_are_counted_and_stop_nothing(deployment, start):
    event = an_event(1, data={"order_id": "o", "vehicle_id": "v", "mood": "good"})
    produce(deployment.bootstrap, deployment.events, [keyed(event)])
    worker = start()
    eventually(lambda: worker.value("workshop_worker_unknown_fields_total") == 1)
    assert worker.value("workshop_worker_events_total") == 1
