"""A community canteen with 40 seats a day, as a connector: copy it. Run: uvicorn canteen:app --port 9000"""

import hashlib
import json
import os
import sqlite3
from datetime import date

from fastapi import FastAPI, Header
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

app, SEATS = FastAPI(), 40
db = sqlite3.connect(os.environ.get("CANTEEN_DB", "canteen.db"), check_same_thread=False, isolation_level=None)
db.execute("create table if not exists answers (key text primary key, digest text, answer text)")
db.execute("create table if not exists seats (receipt text primary key, day text, seat int, gone int default 0)")
db.execute("create unique index if not exists once on seats (day, seat) where not gone")  # no seat twice


class Ask(BaseModel):
    fields: dict


class Refusal(Exception):
    pass


def problem(status, code, message, field=None):
    return JSONResponse({"code": code, "message": message, "field": field}, status)


app.exception_handler(Refusal)(lambda _, error: problem(*error.args))
app.exception_handler(HTTPException)(lambda _, error: problem(404, "not_found", "没有这项服务。"))
app.exception_handler(RequestValidationError)(lambda _, error: problem(422, "invalid_field", "提交的内容不完整。"))


def once(key, content, act):
    """Do the work and keep the answer under its key in one transaction; a refusal is not kept."""
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    db.execute("begin immediate")
    try:
        kept = db.execute("select digest, answer from answers where key = ?", [key]).fetchone()
        if kept and kept[0] != digest:
            raise Refusal(409, "conflict", "这个提交编号已经用过，请重新提交。")
        answer = json.loads(kept[1]) if kept else act()
        db.execute("insert or ignore into answers values (?, ?, ?)", [key, digest, json.dumps(answer)])
        return answer
    except BaseException:
        db.execute("rollback")
        raise
    finally:
        if db.in_transaction:
            db.execute("commit")


def free(day):
    try:
        over = date.fromisoformat(day or "") < date.today()
    except ValueError:
        over = True
    if over:
        raise Refusal(422, "invalid_field", "这一天不能订，请说今天以后的日期。", "date")
    taken = {row[0] for row in db.execute("select seat from seats where day = ? and not gone", [day])}
    return [seat for seat in range(1, SEATS + 1) if seat not in taken]


def book(day):
    if not (seats := free(day)):
        raise Refusal(409, "full", "这一天的座位订完了，请换一天。", "date")
    count = db.execute("select count(*) from seats").fetchone()[0]
    receipt = f"ST{day.replace('-', '')}{count + 1:05d}"
    db.execute("insert into seats (receipt, day, seat) values (?, ?, ?)", [receipt, day, seats[0]])
    return {"receipt_no": receipt, "status": "已预约", "message": f"订好了，{seats[0]}号座位。"}


def told(receipt):
    row = db.execute("select gone from seats where receipt = ?", [receipt]).fetchone()
    if row is None:
        raise Refusal(404, "not_found", "没有查到这个编号，请核对。", "receipt_no")
    status, message = ("已取消", "座位退掉了。") if row[0] else ("已预约", "座位给您留着。")
    return {"receipt_no": receipt, "status": status, "message": message, "cancellable": not row[0]}


def give_back(receipt):
    if not told(receipt)["cancellable"]:
        raise Refusal(409, "already_done", "这个座位已经退过了。")
    db.execute("update seats set gone = 1 where receipt = ?", [receipt])
    return told(receipt)


@app.post("/quote/meal")
async def quote(ask: Ask):
    return {"message": f"还有{len(free(ask.fields.get('date')))}个座位。"}


@app.post("/submit/meal")
async def submit(ask: Ask, idempotency_key: str = Header()):
    return once(idempotency_key, ["meal", ask.fields], lambda: book(ask.fields.get("date")))


@app.get("/status/{receipt}")
async def status(receipt: str):
    return told(receipt)


@app.post("/cancel/{receipt}")
async def cancel(receipt: str, idempotency_key: str = Header()):
    return once(idempotency_key, ["cancel", receipt], lambda: give_back(receipt))
