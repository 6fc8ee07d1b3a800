"""LZ-3, ZJ-7, SH-19: which member of a consortium hosts which shared centre."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from gridplan.policies.programme_rules.checks import Check, flag, number, words
from gridplan.policies.rule import Rule
from gridplan.words.text import Text
from gridplan.words.vocabulary import SERVICES, listed_words


@dataclass(frozen=True)
class SharedCentres(Rule):
    """Each shared centre has a host among the hospitals of the district; each institution uses one that has room.

    Clause: liuzhou-2016, LZ-3 (检查检验、消毒供应、药品耗材采购); zhejiang-2020, ZJ-7 (人力资源、财务、公共卫生、信息、后勤);
    shanghai-2025, SH-19 (影像、检验、心电).

    Parameters
    ----------
    services : tuple[str, ...], default ("lab", "imaging", "disinfection", "purchasing")
        What is shared.
    one_host : tuple[str, ...], default ()
        Of these, those that have exactly one host in a district.
    hosts : int, default 2
        Hosts of another service in a district, at most (ours).
    most_services : int, default 11
        Services that one hospital hosts, at most (ours).
    recognition : bool, default True
        Whether results are recognised (结果互认): shown, nothing to choose.

    Examples
    --------
    >>> import gridplan as gp
    >>> print(gp.rules.SharedCentres(services=("lab",)).sentence().en)
    laboratory: at most 2 hosts in a district, for every institution the nearest that has room; a...
    """

    services: tuple[str, ...] = ("lab", "imaging", "disinfection", "purchasing")
    one_host: tuple[str, ...] = ()
    hosts: int = 2
    most_services: int = 11
    recognition: bool = True
    id = "LZ-3"
    key = "shared"
    of = "programme"
    title = Text("Shared centres", "共享中心")
    own_values: ClassVar[Mapping[str, Check]] = {
        "services": words(tuple(SERVICES)),
        "one_host": words(tuple(SERVICES)),
        "hosts": number(1, 100, whole=True),
        "most_services": number(1, 100, whole=True),
        "recognition": flag,
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        for service in self.one_host:
            self.refuse_unless(
                service in self.services, "one_host", f"names {service}, which services does not",
                f"含 {service}，但 services 没有", f'services = ["{service}"]',
            )  # fmt: skip

    def sentence(self) -> Text:
        """What is demanded, with its numbers."""
        named, single = listed_words(SERVICES, self.services), listed_words(SERVICES, self.one_host)
        one = (
            Text(f"; exactly one for {single.en}", f"；{single.zh}仅一家承办")
            if self.one_host
            else Text("", "")
        )
        known = Text("; results are recognised", "；结果互认") if self.recognition else Text("", "")
        return Text(
            f"{named.en}: at most {self.hosts} hosts in a district, for every institution the nearest that has room; a hospital "
            f"hosts at most {self.most_services}{one.en}{known.en}.",
            f"{named.zh}：每区至多 {self.hosts} 家承办，各机构使用有余力的最近一家；一家医院至多承办 {self.most_services} 项{one.zh}{known.zh}。",
        )
