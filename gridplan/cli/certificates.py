"""--certificates FOLDER: of many plans that a command has made, each with its certificate, on request."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

import gridplan as gp
from gridplan.words.text import Language, Text

CertificatesOption = Annotated[
    Path | None,
    typer.Option(
        "--certificates",
        metavar="FOLDER",
        help="A plan folder with certificate for each of them. 逐一写出方案文件夹及证书。",
    ),
]


def write_certificates(plans: Iterable[tuple[str, gp.Plan]], folder: Path | None, say: Language) -> None:
    """Write them where they are asked for, and say what is certified."""
    if folder is None:
        return
    from gridplan.proving.certify_each import certify_each

    made = certify_each(plans, folder)
    whole = int((made["gap"] <= 1e-6).sum())
    print(
        Text(
            f"{made['name'].nunique()} plans with certificates in {folder}: {whole} of {len(made)} goals proven optimal; "
            f"check each with its check_certificate.py",
            f"{folder} 中已写出 {made['name'].nunique()} 个附证书的方案：{len(made)} 个目标中 {whole} 个证明最优；"
            f"可用各文件夹中的 check_certificate.py 复核",
        ).say(say)
    )
    for row in made[~(made["gap"] <= 1e-6)].itertuples():
        if row.gap == row.gap:
            said = Text(f"certified gap {row.gap:.4%}", f"证书可证的差距 {row.gap:.4%}")
        else:
            said = Text(f"not certified: {row.why}", f"未出具证书：{row.why}")
        print(f"  {row.name} · {row.layer} · {row.goal}: {said.say(say)}")
