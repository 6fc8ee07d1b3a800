"""Changes to what stands where: branches that open, hospitals that close, links and roads that are cut."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import shapely

from gridplan.geography.travel import TravelSettings
from gridplan.inputs.region import Region
from gridplan.inputs.sheets.notes import did_you_mean
from gridplan.policies.policy import Policy
from gridplan.policies.rules import ConnectedParts, Grids
from gridplan.scenario.edits.change import Change, fault, label, number_faults, refuse, unknown
from gridplan.words.findings import Finding
from gridplan.words.text import Text
from gridplan.words.vocabulary import LINKS, RELATIONS, TRAVEL_METHODS, both_words


@dataclass(frozen=True)
class OpenBranch(Change):
    """A planned branch opens where the region says that it will stand.

    Parameters
    ----------
    branch_id : str
        Of the table `branches`.

    Examples
    --------
    >>> import gridplan as gp
    >>> region, policy = gp.tiny_town(), gp.policy("shanghai-2025")
    >>> future = gp.Scenario("future", (gp.edits.OpenBranch("B3"),))
    >>> region, policy = gp.edits.apply(region, policy, future)
    >>> set(region.branches["status"])
    {'open'}
    """

    branch_id: str
    key: ClassVar[str] = "open_branch"

    def table(self) -> dict[str, Any]:
        """As a scenario file writes it."""
        return {self.key: [self.branch_id]}

    def on(self, region: Region, policy: Policy) -> tuple[Region, Policy]:
        """The region with the branch open: a service point, and priority 1 for a campus."""
        refuse(self._faults(region, policy))
        branches = region.branches.copy()
        branches.loc[branches["branch_id"] == self.branch_id, "status"] = "open"
        return region.with_tables(branches=branches), policy

    def sentences(self, region: Region | None = None, policy: Policy | None = None) -> tuple[Text, ...]:
        """One sentence."""
        who = label(region, "branch", self.branch_id)
        return (Text(f"Branch {who} opens.", f"院区 {who} 投入运行。"),)

    def _faults(self, region: Region, policy: Policy) -> Iterator[Finding]:
        if found := unknown(region, self.key, "branch", self.branch_id):
            yield found
            return
        here = region.branches[region.branches["branch_id"] == self.branch_id].iloc[0]
        who = label(region, "branch", self.branch_id)
        if here["status"] == "open":
            what = Text(f"{who} is open already", f"{who} 已在运行")
            yield fault(self.key, what, Text("leave it out", "请删去"), self.branch_id)
        elif pd.isna(here["lon"]) or pd.isna(here["lat"]):
            what = Text(f"{who} has no location", f"{who} 没有位置")
            hint = Text("give its lon and lat in the table branches", "请在院区表中填写经纬度")
            yield fault(self.key, what, hint, self.branch_id)
        yield from table_faults(self.key, region, policy)


@dataclass(frozen=True)
class NewBranch(Change):
    """A branch opens that the region does not know yet: a new campus.

    Parameters
    ----------
    hospital_id : str
        Whose branch it is.
    district_id : str
        Where it opens.
    lon, lat : float
        Degrees, WGS 84.
    relation : str, default "campus"
        "campus" or "affiliate".
    name : str, default ""
        For people.

    Examples
    --------
    >>> import gridplan as gp
    >>> region, policy = gp.tiny_town(), gp.policy("shanghai-2025")
    >>> future = gp.Scenario("future", (gp.edits.NewBranch("H3", "T3", 120.08, 30.12),))
    >>> region, policy = gp.edits.apply(region, policy, future)
    >>> len(region.branches)
    4
    """

    hospital_id: str
    district_id: str
    lon: float
    lat: float
    relation: str = "campus"
    name: str = ""
    key: ClassVar[str] = "open_branch"

    def __post_init__(self) -> None:
        hint = Text(
            "degrees, WGS 84, as lon = 121.5, lat = 31.2", "十进制度，WGS 84，如 lon = 121.5, lat = 31.2"
        )
        refuse([
            *number_faults(self.key, {"lon": self.lon}, -180, 180, hint),
            *number_faults(self.key, {"lat": self.lat}, -90, 90, hint),
        ])  # fmt: skip

    def table(self) -> dict[str, Any]:
        """As a scenario file writes it."""
        return {self.key: [asdict(self)]}

    def on(self, region: Region, policy: Policy) -> tuple[Region, Policy]:
        """The region with one more open branch."""
        refuse(self._faults(region, policy))
        taken, number = set(region.branches["branch_id"]), 1
        while f"NEW{number}" in taken:
            number += 1
        row = {
            "branch_id": f"NEW{number}",
            "hospital_id": self.hospital_id,
            "name": self.name or f"NEW{number}",
            "district_id": self.district_id,
            "status": "open",
            "relation": self.relation,
            "lon": float(self.lon),
            "lat": float(self.lat),
            "row": int(region.branches["row"].max()) + 1 if len(region.branches) else 2,
        }
        branches = pd.concat([region.branches, pd.DataFrame([row])], ignore_index=True)
        branches = branches[region.branches.columns].sort_values("branch_id", ignore_index=True)
        return region.with_tables(branches=branches), policy

    def sentences(self, region: Region | None = None, policy: Policy | None = None) -> tuple[Text, ...]:
        """One sentence."""
        who, where = label(region, "hospital", self.hospital_id), label(region, "district", self.district_id)
        kind = both_words(RELATIONS, self.relation)
        called = f" {self.name}" if self.name else ""
        return (
            Text(
                f"{who} opens a new {kind.en}{called} in {where}, at {self.lon:g}, {self.lat:g}.",
                f"{who} 在 {where} 新开{kind.zh}{called}，位于 {self.lon:g}，{self.lat:g}。",
            ),
        )

    def _faults(self, region: Region, policy: Policy) -> Iterator[Finding]:
        for noun in ("hospital", "district"):
            if found := unknown(region, self.key, noun, getattr(self, f"{noun}_id")):
                yield found
        if self.relation not in RELATIONS:
            what = Text(f"relation {self.relation!r} is unknown", f"未知的关系 {self.relation!r}")
            yield fault(self.key, what, did_you_mean(str(self.relation), RELATIONS), str(self.relation))
        yield from table_faults(self.key, region, policy)


@dataclass(frozen=True)
class CloseLink(Change):
    """A bridge or ferry of the table links closes: the units that it joined touch no longer.

    It acts on grids and on parts that hang together, and is refused under a policy that asks for neither. Minutes stay
    as they are: straight lines and travel tables know no bridges, and roads are cut with `CloseRoads`.

    Parameters
    ----------
    link : str or tuple[str, str]
        Its name, or the ids of the two units that it joins.

    Examples
    --------
    >>> import gridplan as gp
    >>> closed = gp.Scenario("closed", (gp.edits.CloseLink("bridge"),))
    >>> closed.changes[0].link
    'bridge'
    """

    link: str | tuple[str, str]
    key: ClassVar[str] = "close_link"

    def __post_init__(self) -> None:
        link = self.link if isinstance(self.link, str) else tuple(str(unit) for unit in self.link)
        object.__setattr__(self, "link", link)

    def table(self) -> dict[str, Any]:
        """As a scenario file writes it."""
        return {self.key: [self.link if isinstance(self.link, str) else list(self.link)]}

    def on(self, region: Region, policy: Policy) -> tuple[Region, Policy]:
        """The region without the link, in both directions."""
        refuse([*self._faults(region.links), *self._idle(policy)])
        assert region.links is not None
        links, closed = region.links, self._closed(region.links)
        return region.with_tables(links=links[~closed].reset_index(drop=True)), policy

    def sentences(self, region: Region | None = None, policy: Policy | None = None) -> tuple[Text, ...]:
        """One sentence, and with the policy another on what does not change."""
        said, kind = self._said(region), Text("The link", "通道")
        if region is not None and region.links is not None and (closed := self._closed(region.links)).any():
            word = both_words(LINKS, str(region.links.loc[closed, "way"].iloc[0]))
            kind = Text(f"The {word.en}", word.zh)
        closes = Text(f"{kind.en} {said} closes.", f"{kind.zh} {said} 关闭。")
        if region is None or policy is None:
            return (closes,)
        source = both_words(TRAVEL_METHODS, minutes_from(region, policy.travel))
        stays = Text(f"Minutes stay as they are ({source.en}).", f"出行时间不变（{source.zh}）。")
        return closes, stays

    def _idle(self, policy: Policy) -> Iterator[Finding]:
        if policy.rule(Grids) is None and policy.rule(ConnectedParts) is None:
            what = Text(
                "no rule of the policy asks which units touch, so that closing a link changes no plan",
                "政策没有要求单元相连的规则，关闭通道不会改变任何方案",
            )
            hint = Text(
                "plan grids or connected_parts; for longer ways cut roads (close_roads) or give another travel table",
                "请使用网格或 connected_parts；绕行请用 close_roads 切断道路，或另备 travel 表",
            )
            yield fault(self.key, what, hint, self._said(None))

    def _closed(self, links: pd.DataFrame) -> pd.Series:
        if isinstance(self.link, str):
            return links["name"] == self.link
        ends = set(self.link)
        return links["from_unit"].isin(ends) & links["to_unit"].isin(ends)

    def _said(self, region: Region | None) -> str:
        if isinstance(self.link, str):
            return self.link
        return "–".join(u if region is None else region.label("unit", u) for u in self.link)

    def _faults(self, links: pd.DataFrame | None) -> Iterator[Finding]:
        said = self._said(None)
        what = Text(f"the region has no link {said!r}", f"本地区没有通道 {said!r}")
        if links is None or links.empty:
            yield fault(self.key, what, Text("the region has no table links", "本地区没有 links 表"), said)
        elif not self._closed(links).any():
            names = sorted({str(n) for n in links["name"] if n})
            pairs = [f"{a}–{b}" for a, b in zip(links["from_unit"], links["to_unit"], strict=True)]
            yield fault(self.key, what, did_you_mean(said, names or pairs), said)


@dataclass(frozen=True)
class CloseRoads(Change):
    """Every road that crosses a line closes: a river's bridges, a blocked pass.

    Parameters
    ----------
    line : tuple[float, ...]
        lon, lat, lon, lat of the two ends; degrees, WGS 84.

    Examples
    --------
    >>> import gridplan as gp
    >>> river = gp.edits.CloseRoads((120.0, 30.05, 120.1, 30.05))
    >>> len(river.line)
    4
    """

    line: tuple[float, ...]
    key: ClassVar[str] = "close_roads"

    def __post_init__(self) -> None:
        object.__setattr__(self, "line", tuple(self.line))
        hint = Text(
            "two ends in degrees: [121.5, 31.3, 121.6, 31.4]", "两端经纬度：[121.5, 31.3, 121.6, 31.4]"
        )
        if len(self.line) != 4:
            what = Text(
                f"a line has four numbers; got {len(self.line)}", f"线段须有四个数；现为 {len(self.line)} 个"
            )
            refuse([fault(self.key, what, hint)])
        names = ("lon 1", "lat 1", "lon 2", "lat 2")
        refuse(number_faults(self.key, dict(zip(names, self.line, strict=True)), -180, 180, hint))

    def table(self) -> dict[str, Any]:
        """As a scenario file writes it."""
        return {self.key: [list(self.line)]}

    def on(self, region: Region, policy: Policy) -> tuple[Region, Policy]:
        """The region without the roads that cross the line."""
        refuse(self._faults(region))
        assert region.roads is not None
        crossing = self._crossing(region.roads)
        return region.with_tables(roads=region.roads[~crossing].reset_index(drop=True)), policy

    def sentences(self, region: Region | None = None, policy: Policy | None = None) -> tuple[Text, ...]:
        """One sentence."""
        a, b = (f"{lon:g}, {lat:g}" for lon, lat in (self.line[:2], self.line[2:]))
        return (Text(f"All roads between {a} and {b} are cut.", f"{a} 与 {b} 连线上的道路全部中断。"),)

    def _crossing(self, roads: pd.DataFrame) -> np.ndarray:
        ends = roads[["from_lon", "from_lat", "to_lon", "to_lat"]].to_numpy(dtype=float)
        line = shapely.linestrings([self.line[:2], self.line[2:]])
        crossing: np.ndarray = shapely.intersects(shapely.linestrings(ends.reshape(-1, 2, 2)), line)
        return crossing

    def _faults(self, region: Region) -> Iterator[Finding]:
        hint = Text("draw the line across a road of the table roads", "请使线段与 roads 表中的道路相交")
        if region.roads is None:
            yield fault(self.key, Text("the region has no table roads", "本地区没有 roads 表"), hint)
        elif not self._crossing(region.roads).any():
            yield fault(self.key, Text("no road crosses the line", "没有道路与该线段相交"), hint)


def minutes_from(region: Region, settings: TravelSettings) -> str:
    """Where the minutes of a region come from under these settings: "table", "roads" or "straight_line"."""
    if settings.method != "auto":
        return str(settings.method)
    return "table" if region.travel is not None else "roads" if region.roads is not None else "straight_line"


def table_faults(key: str, region: Region, policy: Policy) -> Iterator[Finding]:
    """A given travel table knows nothing of a site that opens."""
    if minutes_from(region, policy.travel) == "table":
        what = Text(
            "minutes come from the region's travel table, which does not know the new site",
            "出行时间取自本地区的 travel 表，其中没有新址",
        )
        hint = Text(
            'let the scenario travel otherwise (policy.travel.method = "straight_line"), or use a region folder with that table',
            '请改用其他方式（policy.travel.method = "straight_line"），或另备含新址的地区文件夹',
        )
        yield fault(key, what, hint)
