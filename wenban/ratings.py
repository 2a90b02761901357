"""好差评: one rating a matter or conversation, and the rectification (整改) that a bad one opens.

Written by the dialogue, read and worked off by staff. Who rated stands nowhere: a rating knows what it is about, not
whose it is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import JSON, Date, DateTime, ForeignKey, Select, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from wenban import workdays
from wenban.crypto import EncryptedText
from wenban.database import Base
from wenban.settings import get_settings

LEVELS = {5: "非常满意", 4: "满意", 3: "基本满意", 2: "不满意", 1: "非常不满意"}
BAD = 2  # 不满意 and 非常不满意 are 差评
OPEN = ("open", "taken")


def now() -> dt.datetime:
    """Return the present moment in UTC, without a zone, as every table stores it."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


class Rating(Base):
    """``about`` is a receipt number, or "conversation:" with a conversation's id; it can be rated once.

    ``comment`` is what was said with it and added later. ``set_aside`` says why an appeal took it out of the count.
    """

    __tablename__ = "ratings"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    about: Mapped[str] = mapped_column(String(80), unique=True)
    service_id: Mapped[str | None] = mapped_column(String(16), index=True, default=None)
    service_name: Mapped[str] = mapped_column(String(128), default="")
    stars: Mapped[int]
    reasons: Mapped[list[str]] = mapped_column(JSON, default=list)
    comment: Mapped[str | None] = mapped_column(EncryptedText, default=None)
    set_aside: Mapped[str | None] = mapped_column(EncryptedText, default=None)
    created_at: Mapped[dt.datetime] = mapped_column(DateTime, default=now)


class Rectification(Base):
    """What a bad rating obliges to: look into it, mend it, call back, by ``due_on``."""

    __tablename__ = "rectifications"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    rating_id: Mapped[int] = mapped_column(ForeignKey("ratings.id", ondelete="CASCADE"), unique=True)
    status: Mapped[str] = mapped_column(String(16), default="open", index=True)
    due_on: Mapped[dt.date] = mapped_column(Date, index=True)
    handler: Mapped[str | None] = mapped_column(String(64), default=None)
    result: Mapped[str | None] = mapped_column(EncryptedText, default=None)
    opened_at: Mapped[dt.datetime] = mapped_column(DateTime, default=now)
    closed_at: Mapped[dt.datetime | None] = mapped_column(DateTime, default=None)
    rating: Mapped[Rating] = relationship(lazy="joined")

    def working_days_left(self, today: dt.date) -> int:
        """Return the working days until the limit: 0 on its day, negative after it."""
        return workdays.between(today, self.due_on)

    def alarm(self, today: dt.date, warn_days: int) -> str:
        """Return "overdue", "soon" or "" for a case that is still open."""
        if self.status not in OPEN:
            return ""
        if today > self.due_on:
            return "overdue"
        return "soon" if self.working_days_left(today) <= warn_days else ""


class RatingRepository:
    """Every statement on the two tables."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def of(self, about: str) -> Rating | None:
        return self.session.scalar(select(Rating).where(Rating.about == about))

    def among(self, abouts: Sequence[str]) -> Sequence[Rating]:
        """Return the ratings of any of these, the latest first."""
        return self.session.scalars(
            select(Rating).where(Rating.about.in_(abouts)).order_by(Rating.created_at.desc())
        ).all()

    def add(
        self,
        about: str,
        stars: int,
        today: dt.date,
        reasons: Sequence[str] = (),
        comment: str | None = None,
        service: tuple[str | None, str] = (None, ""),
    ) -> Rating:
        """Keep a rating; a bad one opens a rectification in the same transaction.

        Raises:
            IntegrityError: ``about`` has been rated.
        """
        rating = Rating(
            about=about, stars=stars, reasons=list(reasons), comment=comment,
            service_id=service[0], service_name=service[1],
        )  # fmt: skip
        self.session.add(rating)
        self.session.flush()
        if stars <= BAD:
            due = workdays.after(today, get_settings().rectify_days)
            self.session.add(Rectification(rating_id=rating.id, due_on=due))
            self.session.flush()
        return rating

    def supplement(self, about: str, reasons: Sequence[str] = (), comment: str | None = None) -> Rating | None:
        """Add reasons and words to a rating; what was said before stays."""
        rating = self.of(about)
        if rating is None:
            return None
        rating.reasons = list(dict.fromkeys([*rating.reasons, *reasons]))
        if comment:
            rating.comment = f"{rating.comment}\n{comment}"[-2000:] if rating.comment else comment[:2000]
        self.session.flush()
        return rating

    def rectifications(
        self, department: str | None, closed: bool, limit: int, offset: int
    ) -> tuple[Sequence[Rectification], int]:
        """Return a page of cases, the most urgent first (the last closed first), and how many there are."""
        query = _of(department).where(Rectification.status.not_in(OPEN) if closed else Rectification.status.in_(OPEN))
        total = self.session.scalar(select(func.count()).select_from(query.subquery())) or 0
        order = Rectification.closed_at.desc() if closed else Rectification.due_on
        return self.session.scalars(query.order_by(order, Rectification.id).limit(limit).offset(offset)).all(), total

    def rectification(self, case_id: int) -> Rectification | None:
        return self.session.get(Rectification, case_id)

    def alarms(self, department: str | None, today: dt.date, warn_days: int) -> dict[str, int]:
        """Return how many open cases there are, are due soon, and are overdue."""
        cases = self.session.scalars(_of(department).where(Rectification.status.in_(OPEN))).all()
        kinds = [case.alarm(today, warn_days) for case in cases]
        return {"open": len(cases), "soon": kinds.count("soon"), "overdue": kinds.count("overdue")}


def _of(department: str | None) -> Select[Rectification]:
    """Return the cases of one department's services, or every case (of whole conversations too)."""
    query = select(Rectification).join(Rating, Rating.id == Rectification.rating_id)
    return query if department is None else query.where(Rating.service_id.startswith(f"{department}-", autoescape=True))
