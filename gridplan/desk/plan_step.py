"""Plan: a run is begun, watched with value, bound and gap, and stopped; a refusal is shown with its ways out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import gridplan as gp
from gridplan.desk.answer import Answer, Asked, Data, Go, Missing, Shown
from gridplan.desk.html import Html, tag, together
from gridplan.desk.job import Job
from gridplan.desk.page import boxed, form, lines, refusal
from gridplan.desk.policy.form import number
from gridplan.desk.state import PLAN, State
from gridplan.words.errors import ArgumentError
from gridplan.words.text import Language, Text

FIGURES = {
    "what": Text("Now", "正在进行"), "value": Text("Best so far", "当前最好"), "bound": Text("Bound", "界"),
    "gap": Text("Gap", "差距"), "seconds": Text("Seconds", "用时（秒）"),
}  # fmt: skip


def look(state: State, asked: Asked, trouble: gp.GridplanError | None) -> Answer:
    """The run as it is; before it a form, after it how it ended."""
    lang, job = asked.lang, state.job_of("plan")
    if asked.rest == ("now",):
        return now(state, lang)
    if asked.rest:
        return Missing()
    title = Text("Plan", "求解").say(lang)
    told = refusal(trouble, lang) if trouble else None
    if job is not None and job.running:
        return Shown(title, together([told, live(job, lang)]))
    return Shown(title, together([told, _ended(state, job, lang), _begin(state, lang)]))


def act(state: State, asked: Asked) -> Answer:
    """Begin a run, or stop it."""
    if asked.rest == ("begin",):
        seconds, gap = _limits(asked)
        limit = "" if seconds is None else repr(seconds)
        return begin(
            state, "plan", state.region_folder, state.policy_file, state.plan_folder, limit, repr(gap)
        )
    return stop(state) if asked.rest == ("stop",) else Missing()


def begin(state: State, kind: str, *said: str | Path) -> Answer:
    """Begin a run, unless one is under way: then that one is shown."""
    if state.job is None or not state.job.running:
        state.job = Job(kind, *said)
    return Go(state.job.kind)


def stop(state: State) -> Answer:
    """Ask the run that is under way to stop."""
    if state.job is None:
        return Missing()
    if state.job.running:
        state.job.stop()
    return Go(state.job.kind)


def now(state: State, lang: Language) -> Data:
    """What the run says, for the page's script; the same from every step."""
    job = state.job
    return Data({"running": job is not None and job.running, **(figures(job, lang) if job else {})})


def end(state: State) -> None:
    """End the run of a desk that closes."""
    if state.job is not None:
        state.job.end()


def figures(job: Job, lang: Language) -> dict[str, str]:
    """What the run says now, as it is shown; dashes where nothing is known yet."""
    last = job.last
    text = Text(last.get("en", "starting"), last.get("zh", "启动"))
    value, bound, gap = (last.get(name) for name in ("value", "bound", "gap"))
    return {
        "what": text.say(lang),
        "value": _figure(value),
        "bound": _figure(bound),
        "gap": "–" if gap is None else f"{gap:.3%}",
        "seconds": f"{job.seconds:,.0f}",
    }


def _figure(value: float | None) -> str:
    """Minutes and shares with their decimals, person-minutes without."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.2f}"


STOP = Text("Stop, keep the best plan so far", "停止，保留目前最好的方案")


def live(job: Job, lang: Language, names: Sequence[str] = (*FIGURES,), button: Text = STOP) -> Html:
    """The run as it is, renewed by the page's script, and a button to stop it."""
    said = figures(job, lang)
    rows = [
        tag("div", tag("dt", FIGURES[name].say(lang)), tag("dd", said[name], id=f"now-{name}", role="status" if name == "what" else None))
        for name in names
    ]  # fmt: skip
    asked = Text("Stopping …", "正在停止……")
    end = (
        tag("p", asked.say(lang))
        if job.asked_to_stop
        else form(f"{job.kind}?do=stop", button=button, lang=lang)
    )
    return together([tag("dl", *rows, id="live", data_at=f"{job.kind}/now", data_then=job.kind), end])


def refused(job: Job, why: Text, lang: Language) -> Html:
    """Why a run wrote nothing."""
    reason = tag("p", job.refused.say(lang) if job.refused else "", class_="lines")
    notes = lines([note.say(lang) for note in job.notes])
    return tag("div", tag("h2", why.say(lang)), reason, notes, class_="box bad", role="alert")


def _ended(state: State, job: Job | None, lang: Language) -> Html | None:
    """How the run ended, if one ran since this desk was opened."""
    if job is None:
        return None
    notes = lines([note.say(lang) for note in job.notes])
    if job.refused is not None:
        why = Text("Nothing was written. Why, and what may be done:", "未写出方案。原因及出路：")
        return refused(job, why, lang)
    go = tag("a", Text("On to the results", "下一步：成果").say(lang), href="results", class_="go")
    done = Text(f"Made, verified and written to {PLAN}/.", f"方案已作出、核验并写入 {PLAN}/。")
    return boxed(tag("p", done.say(lang)), notes, tag("p", go), kind="good")


def _begin(state: State, lang: Language) -> Html:
    limit = Text(
        "Stop after so many seconds (blank: until it is proven)", "求解时限（秒），留空则直到证明最优"
    )
    share = Text("Stop at this gap (0: until it is proven)", "达到此差距即停止（0 为直到证明最优）")
    inside = (
        tag("p", Text("The policy's sentences:", "政策内容：").say(lang)),
        lines([rule.sentence().say(lang) for rule in state.policy().rules]),
        tag("div", tag("label", limit.say(lang), for_="seconds"), tag("input", type="text", id="seconds", name="seconds", class_="short", inputmode="decimal"), class_="field"),
        tag("div", tag("label", share.say(lang), for_="gap"), tag("input", type="text", id="gap", name="gap", value="0", class_="short", inputmode="decimal"), class_="field"),
    )  # fmt: skip
    button = Text("Plan again", "重新求解") if state.planned else Text("Make the plan", "开始求解")
    return form("plan?do=begin", *inside, button=button, lang=lang)


def _limits(asked: Asked) -> tuple[float | None, float]:
    seconds, gap = asked.one("seconds").strip(), asked.one("gap").strip()
    limit, share = number(seconds) if seconds else None, number(gap) if gap else 0.0
    if limit is not None and (isinstance(limit, str) or not limit >= 0.1):
        raise ArgumentError(
            Text(f"{seconds!r} is no number of seconds", f"{seconds!r} 不是秒数"),
            Text("write a number from 0.1, or nothing", "请填写不小于 0.1 的数，或留空"),
        )
    if isinstance(share, str) or not 0 <= share <= 1:
        raise ArgumentError(
            Text(f"{gap!r} is no gap", f"{gap!r} 不是差距"),
            Text("write a share from 0 to 1, such as 0.01", "请填写 0 至 1 的比例，如 0.01"),
        )
    return limit, float(share)
