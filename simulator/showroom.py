"""Beside the workshop: new cars, maintenance campaigns, and what the office reports month by month."""

import datetime as dt

from models.instants import DAY, HOUR, Instant
from simulator.shop import Process, Shop

__all__ = ["hold_day", "report_month"]

MONDAY = 0
SALES_CHANNELS = (("showroom", 60), ("online", 25), ("dealer", 15))
NOTICE_CHANNELS = (("phone", 35), ("sms", 35), ("mail", 20), ("app", 10))
WORKING_DAYS_A_MONTH = 26


def hold_day(shop: Shop, day: int) -> None:
    """Sell some cars; on Mondays start a campaign and look at the suggestions."""
    for _ in range(shop.draw.between(0, 2)):
        shop.start(_sell(shop, shop.daytime(day, 10, 17)))
    if (day - 1) % 7 == MONDAY:
        shop.start(_campaign(shop, shop.daytime(day, 9, 11)))
        shop.start(_suggestion(shop, shop.daytime(day, 14, 16)))


def report_month(shop: Shop, day: int) -> Process:
    """Report what offices report at the start of a month: costs, parc, market, training, a survey every quarter."""
    yield shop.until(shop.daytime(day, 9, 12))
    month = dt.date.fromordinal(day).isoformat()[:7]
    volume = int(shop.traits.orders_per_day * WORKING_DAYS_A_MONTH)
    fixed = volume * shop.draw.between(180, 260)
    _tell(shop, "store.costs_posted", month=month, fixed=fixed, total=fixed * 2)
    parc = {"parc": shop.traits.fleet * 2, "managed_users": shop.traits.fleet, "new_user_visits": volume // 10}
    _tell(shop, "store.parc_reported", month=month, **parc, visits_per_year=2.2)
    _tell(shop, "store.market_reported", month=month, sales=shop.draw.between(200, 400))
    technicians = shop.traits.mechanics
    trained = shop.draw.between(technicians // 2, technicians)
    _tell(shop, "store.training_reported", trained=trained, technicians=technicians)
    if dt.date.fromordinal(day).month % 3 == 1:
        _tell(shop, "store.survey_reported", points=shop.draw.between(600, 900), points_possible=1_000)


def _sell(shop: Shop, at: Instant) -> Process:
    yield shop.until(at)
    draw, vehicle = shop.draw, shop.number("N")
    price = draw.between(90_000, 320_000)
    _tell(
        shop,
        "new_car.sold",
        vehicle_id=vehicle,
        customer_id=f"C-{vehicle}",
        price=price,
        cost=price * draw.between(88, 96) // 100,
        channel=draw.weighted(SALES_CHANNELS),
        trade_in=draw.chance(0.25),
        accessories=draw.between(0, 3),
    )
    yield shop.wait(DAY, 8 * DAY)
    yield shop.when_open()
    _tell(shop, "new_car.delivered", vehicle_id=vehicle, introduced_to_service=draw.chance(0.7))
    if draw.chance(0.75):
        yield shop.wait(5 * DAY, 100 * DAY)
        yield shop.when_open()
        _tell(shop, "new_car.contacted", vehicle_id=vehicle)


def _campaign(shop: Shop, at: Instant) -> Process:
    """List vehicles whose maintenance falls due, notify most owners and invite some."""
    yield shop.until(at)
    draw = shop.draw
    due = sorted({draw.between(1, shop.traits.fleet) for _ in range(int(shop.traits.orders_per_day) + 1)})
    vehicles = [f"V-{shop.store.id}-{vehicle:05d}" for vehicle in due]
    _tell(shop, "maintenance.due_listed", vehicle_ids=vehicles)
    for vehicle in vehicles:
        yield shop.wait(HOUR // 30, HOUR // 3)
        if draw.chance(0.85):
            _tell(shop, "maintenance.notified", vehicle_id=vehicle, channel=draw.weighted(NOTICE_CHANNELS))
        if draw.chance(0.4):
            _tell(shop, "maintenance.invited", vehicle_id=vehicle)


def _suggestion(shop: Shop, at: Instant) -> Process:
    yield shop.until(at)
    suggestion = shop.number("SG")
    _tell(shop, "store.suggestion_accepted", suggestion_id=suggestion)
    if shop.draw.chance(0.75):
        yield shop.wait(3 * DAY, 25 * DAY)
        _tell(shop, "store.suggestion_completed", suggestion_id=suggestion)


def _tell(shop: Shop, kind: str, **data: object) -> None:
    shop.journal.write("crm" if kind.startswith("maintenance") else "dms", kind, shop.store.id, data)
