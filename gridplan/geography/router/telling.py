"""What is said of minutes that were made: where places were put on the road, who is out of reach, which router it was."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from gridplan.geography.sources import reason_words
from gridplan.geography.travel import Travel
from gridplan.inputs.region import Region
from gridplan.words.text import Text

SHOWN = 8
MODES = {
    "auto": Text("by car", "驾车"),
    "walk": Text("on foot", "步行"),
    "bicycle": Text("by bicycle", "骑行"),
}


def made_by(travel: Travel) -> str:
    """The line of a source, 中文 / English, for minutes of a router: program, mode, map."""
    used = travel.settings
    mode, digest = MODES[str(used["mode"])], str(used["osm_sha256"])[:12]
    return (
        f"出行时间：{used['router']}，{mode.zh}，地图 {used['osm']}（sha256 {digest}…），© OpenStreetMap 贡献者，ODbL"
        f" / Travel times: {used['router']}, {mode.en}, map {used['osm']} (sha256 {digest}…), "
        "© OpenStreetMap contributors, ODbL"
    )


def told(travel: Travel, region: Region) -> Iterator[Text]:
    """How far places were moved to a road, and the units and hospitals that are out of reach, by name."""
    names = {
        **dict(zip(region.branches["branch_id"], region.branches["name"], strict=True)),
        **dict(zip(region.hospitals["hospital_id"], region.hospitals["name"], strict=True)),
        **dict(zip(region.units["unit_id"], region.units["name"], strict=True)),
    }
    used = travel.settings
    if "snapped_middle_m" in used:
        middle, farthest = used["snapped_middle_m"], used["snapped_farthest_m"]
        yield Text(
            f"Places were put on the nearest road: the middle one {middle:,.0f} m away, the farthest {farthest:,.0f} m.",
            f"各位置已吸附到最近道路：中位距离 {middle:,.0f} 米，最远 {farthest:,.0f} 米。",
        )
    far = used.get("snapped_far")
    if isinstance(far, dict) and far:
        listed = [f"{names.get(id) or id} ({id})：{metres:,} m" for id, metres in far.items()]
        yield Text(
            f"Far from a road, look at their coordinates: {', '.join(one.replace('：', ' ') for one in listed)}.",
            f"离道路较远，请核对坐标：{'、'.join(listed)}。",
        )
    for reason, pairs in travel.left_out.groupby("reason", sort=False):
        yield _out_of_reach(str(reason), pairs, travel, names)


def _out_of_reach(reason: str, pairs: pd.DataFrame, travel: Travel, names: dict[str, str]) -> Text:
    """One reason: how many pairs, and whoever is cut off as a whole."""
    why, count = reason_words(reason), len(pairs)
    cut_off: list[str] = []
    for column, others in (("unit_id", len(travel.hospital_ids)), ("hospital_id", len(travel.unit_ids))):
        pairs_of = pairs.groupby(column, sort=False).size()
        cut_off += [f"{names.get(str(id)) or id} ({id})" for id in pairs_of.index[pairs_of == others]]
    if not cut_off:
        return Text(f"{count:,}: {why.en}", f"{count:,} 对：{why.zh}")
    more = len(cut_off) - SHOWN
    shown = cut_off[:SHOWN]
    return Text(
        f"{count:,}: {why.en}: {', '.join(shown)}{f' and {more} more' if more > 0 else ''}",
        f"{count:,} 对：{why.zh}：{'、'.join(shown)}{f' 等 {len(cut_off)} 个' if more > 0 else ''}",
    )
