"""gp.forms: the Word files of a plan, with what stands beside the seal. python-docx is loaded when the first one is made."""

from __future__ import annotations

from pathlib import Path

from gridplan.files.whole import told
from gridplan.inputs.matching.read_outside import read_outside
from gridplan.plans.plan import Plan
from gridplan.words.arguments import a_plan, one_of
from gridplan.words.errors import PolicyError
from gridplan.words.text import SHOWN, Shown, Text, shown_in


def forms(
    plan: Plan,
    folder: str | Path,
    *,
    lang: Shown = "both",
    unit: str = "",
    contact: str = "",
    date: str = "",
    outside: str | Path | None = None,
) -> list[Path]:
    """Write the forms of a plan: changes.docx, hospitals.docx, report.docx, into a folder that is made where it is missing.

    `changes.docx` is the authority's table (医疗联合体建设报告表): every pair that is new, adjusted, ended or kept, with its
    grounds. `hospitals.docx` has the same for each municipal hospital on a page of its own, with its sponsor (办医主体) where
    the table of hospitals has it. `report.docx` holds the decision and the tables of districts.

    Parameters
    ----------
    plan : Plan
        A plan with partners, made or opened again.
    folder : str or Path
        Where they are written.
    lang : {"both", "zh", "en"}, default "both"
        The language they are in; "both" is Chinese with English beside it.
    unit, contact, date : str, optional
        Who reports, whom to ask and when, as they are to be printed; blank to be completed by hand. The same plan and
        the same words give the same bytes.
    outside : str or Path, optional
        A CSV or Excel file of partners outside the city (SH-20), a row each: hospital_id (医院, id or name), partner
        (合作单位), and where known place (省市), consent (办医主体意见), since (起始时间). Rows stay blank without it.

    Returns
    -------
    list[Path]
        The files.

    Raises
    ------
    ArgumentError
        `plan` is no plan, or there is no such language.
    PolicyError
        The plan has no partners: its policy is of grids alone.
    DataError
        The folder cannot be written, or `outside` has faults; all of them are told.

    References
    ----------
    shanghai-2025, SH-10, SH-20 and SH-21 (what is reported, and by whom).

    Examples
    --------
    >>> import gridplan as gp
    >>> plan = gp.plan(gp.tiny_town(), gp.policy("shanghai-2025"))
    >>> [file.name for file in gp.forms(plan, "forms", lang="zh", unit="小城卫生健康委员会")]
    ['changes.docx', 'hospitals.docx', 'report.docx']
    """
    a_plan(plan, "forms")
    one_of("lang", lang, SHOWN)
    if not plan.policy.partner_layers:
        raise PolicyError(
            Text("the plan has no partners to report", "该方案没有可报告的结对"),
            Text(
                "forms are of pairs; a policy of grids alone has none",
                "报告表针对结对；只划网格的政策没有结对",
            ),
        )
    from gridplan.show.form.form import Fields, write_form
    from gridplan.show.form.hospital_forms import write_hospital_forms
    from gridplan.show.form.report_docx import write_report_docx

    beyond = None if outside is None else read_outside(outside, plan.region)
    fields, where = Fields(unit, contact, date, beyond), Path(folder)
    with told(where):
        where.mkdir(parents=True, exist_ok=True)
    made = []
    with shown_in(lang):
        for name, write in (
            ("changes.docx", write_form),
            ("hospitals.docx", write_hospital_forms),
            ("report.docx", write_report_docx),
        ):
            with told(where / name):
                made.append(write(plan, where / name, fields))
    return made
