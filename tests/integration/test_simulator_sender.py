"""The simulator on a real Kafka: everything arrives, each store in order, stamped with the simulated time."""

import asyncio
from collections import defaultdict
from itertools import pairwise

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from models.instants import instant, moment
from simulator.faults import Misbehaviour
from simulator.group import simulate
from simulator.plan import GroupPlan
from simulator.run import Job, run
from simulator.sender import KafkaTarget, Pace, send

PARTITIONS = 4
PLAN = GroupPlan(seed=6, stores=3, days=4)
DEADLINE_SECONDS = 60


@pytest.fixture
def target(kafka, request):
    topic = request.node.name

    async def create():
        admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
        await admin.start()
        await admin.create_topics([NewTopic(topic, PARTITIONS, 1)])
        await admin.close()

    asyncio.run(create())
    return KafkaTarget(topic, {"bootstrap_servers": kafka})


def consume(target):
    """Return every record of the topic, partition by partition."""

    async def read():
        consumer = AIOKafkaConsumer(**target.client, auto_offset_reset="earliest")
        await consumer.start()
        try:
            parts = [TopicPartition(target.topic, number) for number in range(PARTITIONS)]
            consumer.assign(parts)
            ends = await consumer.end_offsets(parts)
            records = []
            while any([await consumer.position(part) < ends[part] for part in parts]):
                for batch in (await consumer.getmany(timeout_ms=1_000)).values():
                    records += batch
            return records
        finally:
            await consumer.stop()

    return asyncio.run(asyncio.wait_for(read(), DEADLINE_SECONDS))


def test_all_events_arrive_each_store_in_order_and_in_one_partition(target):
    run(Job(PLAN, kafka=target))
    by_store = defaultdict(list)
    for record in consume(target):
        by_store[record.key.decode()].append(record)
    expected = defaultdict(list)
    for event in simulate(PLAN):
        expected[event.store].append(event.value)
    assert {store: [record.value for record in records] for store, records in by_store.items()} == expected
    assert all(len({record.partition for record in records}) == 1 for records in by_store.values())


def test_record_times_are_the_moments_of_sending_in_the_simulation(target):
    run(Job(PLAN, Misbehaviour(seed=1, shuffle_window_seconds=300), kafka=target))
    sent = {event.value: event.time // 1000 for event in simulate(PLAN)}
    delays = [record.timestamp - sent[record.value] for record in consume(target)]
    assert min(delays) >= 0
    assert 200_000 < max(delays) <= 300_000


def test_paced_sending_lasts_as_long_as_the_simulated_clock_says(target):
    """From noon on at 7,200 times the real speed, four hours take two seconds, by the broker's own clock."""
    events = list(simulate(PLAN))
    noon = instant(moment(events[-1].time).replace(hour=4, minute=0, second=0, microsecond=0))
    some = [event for event in events if noon <= event.sent < noon + 4 * 3_600_000_000]
    pace = Pace(7_200, noon, Pace().wall())
    asyncio.run(send(some, target, pace, "wall"))
    stamps = sorted(record.timestamp for record in consume(target))
    spread = (some[-1].sent - some[0].sent) / 7_200 / 1_000
    assert len(stamps) == len(some)
    assert stamps[-1] - stamps[0] >= spread * 0.9
    assert all(later >= earlier for earlier, later in pairwise(stamps))
