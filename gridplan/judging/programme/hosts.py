"""LZ-3, ZJ-7 and SH-19 judged from hosts.csv alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from gridplan.judging.programme.claims import SPHERE, Claimed, figures_that_differ, rows_of, unknown_ids
from gridplan.judging.verdict import Breach
from gridplan.policies.programme_rules import SharedCentres
from gridplan.words.text import Text
from gridplan.words.vocabulary import PRIMARY

LEAST_MINUTES = 0.01  # by which printed minutes may differ


@dataclass(frozen=True, eq=False)
class _Told:
    """What the tables of the region say of primary institutions, hosts and ways.

    Parameters
    ----------
    place : institution_id → its record.
    volume : district_id → residents that an institution of it stands for.
    services : (hospital, service) → the last row that says something of it.
    """

    claimed: Claimed
    place: dict[str, dict[str, Any]]
    volume: dict[str, int]
    services: dict[tuple[str, str], dict[str, Any]]
    ways: dict[tuple[str, str], float] = field(default_factory=dict)

    def way(self, institution: str, hospital: str) -> float:
        """Minutes from an institution to a hospital."""
        if (institution, hospital) not in self.ways:
            one, to = self.place[institution], self.claimed.of_hospital[hospital]
            km = float(SPHERE.inv(one["lon"], one["lat"], to["lon"], to["lat"])[2]) / 1000
            self.ways[institution, hospital] = self.claimed.on_the_way(km, str(one["district_id"]))
        return self.ways[institution, hospital]

    def room(self, hospital: str, service: str) -> float:
        """Residents that a host has room for."""
        one = self.services.get((hospital, service), {})
        if one.get("has") == "no":
            return 0.0
        capacity = float(one.get("capacity", float("nan")))
        return float("inf") if capacity != capacity else capacity


def _told(claimed: Claimed) -> _Told:
    stated, offered = claimed.region.institutions, claimed.region.services
    assert stated is not None
    place = {r["institution_id"]: r for r in stated[stated["kind"].isin(PRIMARY)].to_dict("records")}
    sharers = Counter(str(one["district_id"]) for one in place.values())
    people = claimed.region.units.groupby("district_id")["people"].sum()
    volume = {district: int(people.get(district, 0)) // n for district, n in sharers.items()}
    rows = [] if offered is None else offered.to_dict("records")
    return _Told(claimed, place, volume, {(r["hospital_id"], r["service"]): r for r in rows})


def judge_hosts(rule: SharedCentres, claimed: Claimed) -> Iterator[Breach]:
    """One host of a service for each institution, in its district, the nearest open one that has room; few enough hosts."""
    table = claimed.tables["hosts"].assign(hospital_id=claimed.tables["hosts"]["host_id"])
    strangers = [*unknown_ids(rule.id, _with(claimed, table), "hosts", ("hospital_id", "institution_id"))]
    yield from strangers
    if strangers:
        return
    told = _told(claimed)
    for row in table.itertuples():
        yield from _row(rule, told, row)
    for key, rows in table[table.duplicated(["service", "institution_id"], keep=False)].groupby(
        ["service", "institution_id"]
    ):
        what = Text(
            f"hosts.csv: {key[1]} uses two hosts of {key[0]}", f"hosts.csv：{key[1]} 的 {key[0]} 有两家承办"
        )
        yield Breach(rule.id, what, rows=rows_of(rows))
    table = table[table["institution_id"].isin(list(told.place))]
    district = table["institution_id"].map({key: one["district_id"] for key, one in told.place.items()})
    load = table.groupby(["service", "host_id"])["volume"].sum().to_dict()
    for (_, service), rows in table.groupby([district, "service"]):
        most = 1 if service in rule.one_host else rule.hosts
        if rows["host_id"].nunique() > most:
            n = rows["host_id"].nunique()
            what = Text(
                f"hosts.csv: {service} has {n} hosts, at most {most}",
                f"hosts.csv：{service} 有 {n} 家承办，至多 {most} 家",
            )
            yield Breach(rule.id, what, rows=rows_of(rows))
        yield from _nearest(rule, told, rows, load)
    for (service, key), volume in load.items():
        room = told.room(str(key), str(service))
        if volume > room + 1e-6:
            who = claimed.hospital(key)
            what = Text(
                f"hosts.csv: {service} at {who}: {volume:,.0f}, room is {room:,.0f}",
                f"hosts.csv：{who} 的 {service} 为 {volume:,.0f}，能力 {room:,.0f}",
            )
            yield Breach(rule.id, what, hospital_id=str(key))
    for key, rows in table.groupby("host_id"):
        if rows["service"].nunique() > rule.most_services:
            what = Text(
                f"hosts.csv: {claimed.hospital(key)} hosts {rows['service'].nunique()} services",
                f"hosts.csv：{claimed.hospital(key)} 承办 {rows['service'].nunique()} 项",
            )
            yield Breach(rule.id, what, hospital_id=str(key), rows=rows_of(rows))
    figures, found = claimed.figures.get("hosts", {}), _figures(rule, told, table)
    yield from figures_that_differ(rule.id, figures, {k: v for k, v in found.items() if k in figures})


def _with(claimed: Claimed, table: Any) -> Claimed:
    return Claimed(
        claimed.region, claimed.policy, claimed.pairs, claimed.assignment, {"hosts": table}, claimed.figures
    )


def _row(rule: SharedCentres, told: _Told, row: Any) -> Iterator[Breach]:
    claimed, one, faults = told.claimed, told.place.get(row.institution_id), []
    if one is None or row.service not in rule.services:
        faults.append(("no such primary institution, or no such service", "不是基层首诊机构或未列入共享服务"))
    else:
        if (
            row.host_id not in claimed.general_receivers
            or claimed.of_hospital[row.host_id]["district_id"] != one["district_id"]
        ):
            faults.append(("the host is no district hospital of its consortium", "承办单位不是本区受援医院"))
        is_ = told.way(row.institution_id, row.host_id)
        if abs(row.minutes - is_) > LEAST_MINUTES:
            faults.append(
                (
                    f"minutes is {row.minutes:g}, {is_:.4f} it is",
                    f"minutes 为 {row.minutes:g}，应为 {is_:.4f}",
                )
            )
        volume = told.volume[str(one["district_id"])]
        if int(row.volume) != volume:
            faults.append((f"volume is {volume:,} residents", f"volume 应为 {volume:,} 名居民"))
    for en, zh in faults:
        what = Text(
            f"hosts.csv: {row.service} for {row.institution_id}: {en}",
            f"hosts.csv：{row.institution_id} 的 {row.service}：{zh}",
        )
        yield Breach(rule.id, what, rows=(int(row.row),))


def _nearest(rule: SharedCentres, told: _Told, rows: Any, load: dict[Any, float]) -> Iterator[Breach]:
    """Nobody goes past an open host that has room."""
    hosts = sorted(set(rows["host_id"]))
    for row in rows.itertuples():
        for other in hosts:
            nearer = told.way(row.institution_id, other) < row.minutes - LEAST_MINUTES
            if nearer and load[row.service, other] + row.volume <= told.room(other, row.service):
                who = told.claimed.hospital(other)
                what = Text(
                    f"hosts.csv: {row.service} for {row.institution_id}: {who} is nearer and has room",
                    f"hosts.csv：{row.institution_id} 的 {row.service}：{who} 更近且有余力",
                )
                yield Breach(rule.id, what, rows=(int(row.row),))


def _figures(rule: SharedCentres, told: _Told, table: Any) -> dict[str, float]:
    """What the table comes to."""
    of_hospital, receivers = told.claimed.of_hospital, told.claimed.general_receivers
    able = {str(of_hospital[h]["district_id"]) for h in receivers}
    homes = [str(one["district_id"]) for one in told.place.values()]
    asked = sum(told.volume[home] * len(rule.services) for home in homes if home in able)
    opened = table[["service", "host_id"]].drop_duplicates()
    new = sum(told.services.get((h, s), {}).get("has") != "yes" for s, h in opened.itertuples(index=False))
    return {
        "none": float(asked - table["volume"].sum()),
        "new": float(new),
        "travel": float((table["volume"] * table["minutes"]).sum()),
    }
