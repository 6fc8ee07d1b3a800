"""Whether the certificate of a plan folder holds, as one more rule of the verdict."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from gridplan.judging.verdict import Breach, Verdict
from gridplan.plans.folder.certificate import FILE
from gridplan.words.damaged import DAMAGED
from gridplan.words.text import Text

SAYS = Text("The certificate holds: its bounds are proven anew.", "证书成立：各下界已重新证明。")


def checked(folder: str | Path, verdict: Verdict) -> Verdict:
    """The verdict with one more rule, CERTIFICATE, where the plan folder has a certificate: whether it holds."""
    if not (Path(folder) / FILE).is_file():
        return verdict
    from gridplan.proving.check_certificate import Fails, check

    breaches = verdict.breaches
    try:
        lines = check(Path(folder))
        room = Text(f"{len(lines) - 2} goals", f"{len(lines) - 2} 个目标")
    except (Fails, OSError, *DAMAGED) as fault:
        said = str(fault) if isinstance(fault, Fails) else repr(fault)
        what = Text(f"{FILE} does not hold: {said}", f"{FILE} 不成立：{said}")
        breaches, room = (*breaches, Breach("CERTIFICATE", what)), Text("", "")
    return replace(verdict, judged=(*verdict.judged, ("CERTIFICATE", SAYS, room)), breaches=breaches)
