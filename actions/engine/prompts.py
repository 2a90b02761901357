"""The messages of the engine: questions, reviews, results, receipts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from actions.connectors.contract import Accepted, Found, Item, Option, Quote, Status
from actions.engine import again
from actions.engine.attaching import FIELDS, takes_files
from actions.engine.bills import title_among
from actions.engine.showing import show, show_for_ear
from actions.engine.state import Matter
from actions.texts import say
from knowledge.declaration import FormField, ServiceDeclaration
from wenban.turns import Choice, FieldPrompt, Message, Receipt, Row, Section

CONTROLS = {
    "date": "date",
    "period": "choices",
    "time": "time",
    "month": "month",
    "choice": "choices",
    "phone": "phone",
    "id_no": "id_no",
    "number": "number",
    "amount": "number",
    "percent": "number",
    "account": "number",
    "boolean": "boolean",
    "bills": "choices",
}
QUICK_DATES = ((0, "今天"), (1, "明天"), (2, "后天"))
MAX_BUTTONS = 60  # a page of them at a time (actions.dialogue.offering)


def active_fields(declaration: ServiceDeclaration, matter: Matter) -> list[FormField]:
    """Return the fields that apply: those whose ``when`` is met by the values so far."""
    return [
        field
        for field in declaration.fields
        if all(matter.values.get(name) in allowed for name, allowed in field.when.items())
    ]


def missing_fields(declaration: ServiceDeclaration, matter: Matter) -> list[FormField]:
    """Return the required fields without a value, in the order in which they are asked."""
    return [f for f in active_fields(declaration, matter) if f.required and f.name not in matter.values]


def question(
    declaration: ServiceDeclaration,
    matter: Matter,
    field: FormField,
    options: Sequence[Option],
    now: datetime,
) -> Message:
    """Ask for one field with the control that suits it."""
    required = [f for f in active_fields(declaration, matter) if f.required]
    step = next((i for i, f in enumerate(required, 1) if f.name == field.name), len(required))
    days = field.rule.max_days_ahead
    minimum = None if field.rule.allow_past else (now + timedelta(days=not field.rule.allow_today)).date().isoformat()
    maximum = now.date().isoformat() if field.rule.allow_past and not days else None
    if days is not None:
        maximum = (now + timedelta(days=days)).date().isoformat()
    # After a refusal that named other values the usual ones would only contradict it.
    refused = field.type == "date" and field.name in matter.rejected
    buttons = [] if refused else _buttons(field, options, now)
    control: Any = CONTROLS.get(field.type, "text")
    if field.type == "text" and not field.example:
        control = "textarea"
    speech = field.prompt_spoken or field.prompt
    text = (
        field.prompt
        if not field.example or buttons
        else f"{field.prompt}\n{say('form.example', example=field.example)}"
    )
    return Message(
        type="question",
        text=text,
        speech=speech,
        service_id=declaration.id,
        choices=buttons,
        field=FieldPrompt(
            name=field.name,
            label=field.label,
            control=control,
            example=field.example,
            minimum=minimum,
            maximum=maximum,
            step=step,
            total=len(required),
            upload=field.name in FIELDS or (field.type == "text" and takes_files(declaration) is not None),
        ),
    )


def tell_purpose(message: Message) -> None:
    """Say before the first personal question what it is for, and that it can be refused."""
    message.text = f"{message.text}\n{say('form.purpose')}"


def _buttons(field: FormField, options: Sequence[Option], now: datetime) -> list[Choice]:
    def button(label: str, value: Any) -> Choice:
        return Choice(label=label, payload={"do": "field", "field": field.name, "value": value, "label": label})

    if field.type == "period":
        return [button("上午", "上午"), button("下午", "下午")]
    if field.type == "boolean":
        return [button("是", "是"), button("不是", "不是")]
    if field.type == "date":
        ahead = field.rule.max_days_ahead
        return [
            button(label, (now + timedelta(days=-days if field.rule.allow_past else days)).date().isoformat())
            for days, label in (QUICK_DATES if not field.rule.allow_past else ((0, "今天"), (1, "昨天"), (2, "前天")))
            if (days > 0 or field.rule.allow_today or field.rule.allow_past) and (ahead is None or days <= ahead)
        ]
    shown = [option for option in options if option.available][:MAX_BUTTONS]
    return [button(option.label + (f"（{option.note}）" if option.note else ""), option.value) for option in shown]


def review(declaration: ServiceDeclaration, matter: Matter, quote: Quote | None, papers: Sequence[Row] = ()) -> Message:
    """Show every value with an edit button and what need not be handed in, and ask for a clear yes."""
    rows, spoken = [], []
    items = quote.items if quote is not None else []
    for field in active_fields(declaration, matter):
        if field.name not in matter.values:
            continue
        value = matter.values[field.name]
        text = bill_names(items, value) if field.type == "bills" else show(field, value)
        edit = {"do": "edit", "field": field.name, "label": f"改{field.label}"}
        rows.append(Row(label=field.label, value=text, field=field.name, edit=edit))
        spoken.append(f"{field.label}，{text if field.type == 'bills' else show_for_ear(field, value)}")
    for row in papers:
        rows.append(row)
        spoken.append(row.value)
    paying = declaration.operation is not None and declaration.operation.kind == "payment"
    if declaration.operation is not None and declaration.operation.kind == "application" and quote is not None:
        rows.append(Row(label=say("form.examined"), value=quote.message))
        spoken.append(quote.message)
    if quote is not None and quote.total:
        rows.append(Row(label="合计", value=f"{quote.total:.2f} 元"))
        spoken.append(f"合计{quote.total:.2f}元")
    return Message(
        type="review",
        title=declaration.name,
        text=declaration.confirmation or say("form.review"),
        speech=say("form.review_speech", values="；".join(spoken)),
        rows=rows,
        service_id=declaration.id,
        choices=[
            Choice(
                label=say("form.pay" if paying else "form.submit"),
                payload={"do": "confirm", "label": "确认"},
                style="primary",
            ),
            Choice(label=say("form.cancel"), payload={"do": "cancel", "label": say("form.cancel")}),
        ],
    )


def bill_names(items: Sequence[Item], chosen: Sequence[str]) -> str:
    return "；".join(
        f"{title_among(i, items)} {i.amount:.2f} 元" for i in items if i.id in chosen and i.amount is not None
    )


def found(declaration: ServiceDeclaration, result: Found, follow_ups: Sequence[tuple[str, str]]) -> Message:
    """Show what a query found."""
    rows = [Row(label=line.label, value=line.value) for line in result.lines]
    sections = [
        Section(heading=item.title, items=[f"{line.label}：{line.value}" for line in item.lines])
        for item in result.items[:8]
    ]
    return Message(
        type="result",
        title=declaration.name,
        text=result.message,
        speech=result.message,
        rows=rows,
        sections=sections,
        service_id=declaration.id,
        badges=[f"{result.as_of[:16].replace('T', ' ')} 查得"],
        choices=[
            Choice(label=name, payload={"do": "start", "service_id": service_id, "label": name})
            for service_id, name in follow_ups
        ],
    )


def accepted(declaration: ServiceDeclaration, result: Accepted, now: datetime) -> Message:
    """The receipt."""
    return Message(
        type="receipt",
        title=declaration.name,
        text=f"{result.message}\n{say('done.receipt', receipt=result.receipt_no)}",
        speech=f"{result.message}{say('done.receipt', receipt=result.receipt_no)}。",
        service_id=declaration.id,
        rows=[Row(label=line.label, value=line.value) for line in result.lines],
        receipt=Receipt(
            number=result.receipt_no,
            service_id=declaration.id,
            service_name=declaration.name,
            submitted_at=now.isoformat(timespec="seconds"),
            status=result.status,
            calendar=result.calendar,
        ),
        choices=[
            Choice(
                label=say("done.progress"),
                payload={"do": "progress", "value": result.receipt_no, "label": say("done.progress")},
            ),
            *_next_steps(declaration, result),
            Choice(
                label=say("done.rate"),
                payload={"do": "rate", "entry_id": result.receipt_no, "label": say("done.rate")},
            ),
        ],
    )


def _next_steps(declaration: ServiceDeclaration, result: Accepted) -> list[Choice]:
    """Offer to move an appointment, and to complete an application that lacks materials."""
    steps = []
    if (service_id := again.mover_of(declaration)) is not None:
        steps.append((service_id, say("done.move")))
    if result.missing:
        steps.append((again.SUPPLEMENT, say("done.supply")))
    return [
        Choice(label=label, payload={"do": "start", "service_id": at, "value": result.receipt_no, "label": label})
        for at, label in steps
    ]


def progress(name: str, result: Status) -> Message:
    """Show where a matter stands, as a time line."""
    marks = {"done": "✓", "now": "●", "todo": "○"}
    steps = [
        f"{marks[step.state]} {step.name}"
        + (f" {step.at[:16].replace('T', ' ')}" if step.at else "")
        + (f"（{step.note}）" if step.note else "")
        for step in result.steps
    ]
    sections = [Section(heading="进度", items=steps, ordered=False)] if steps else []
    rows = [Row(label="受理编号", value=result.receipt_no), Row(label="状态", value=result.status)]
    rows += [Row(label=line.label, value=line.value) for line in result.lines]
    return Message(type="result", title=name, text=result.message, speech=result.message, rows=rows, sections=sections)
