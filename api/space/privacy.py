"""What a citizen decides about their data: materials kept for next time, consents, deletion of everything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response
from sqlalchemy.orm import Session

from api.conversations.endpoints import ConversationId
from api.deps import CitizenDep, ServicesDep, limit_reads
from api.errors import NotFound
from api.identity.repository import CitizenRepository
from api.space.endpoints import PROBLEMS, MeDep, in_session
from api.space.schemas import ConsentView, MaterialView
from wenban.consents import KINDS, WHAT, Consent, ConsentRepository
from wenban.erasing import erase, erase_conversations
from wenban.identity import Citizen
from wenban.materials import MaterialRepository

router = APIRouter(prefix="/v1", tags=["me"], responses=PROBLEMS, dependencies=[Depends(limit_reads)])
MaterialId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


def materials(session: Session, citizen: Citizen) -> list[MaterialView]:
    """Return what is kept, for whom it was."""
    names = {row.id: row.person["name"] for row in CitizenRepository(session).relatives(citizen.id)}
    rows = MaterialRepository(session).of(citizen.id)
    return [_material(row, names.get(row.relative_id)) for row in rows]


def _material(row: Any, name: str | None) -> MaterialView:
    columns = {field: getattr(row, field) for field in MaterialView.model_fields if hasattr(row, field)}
    return MaterialView(**columns | {"for_name": name})


def consents(session: Session, citizen: Citizen) -> list[ConsentView]:
    """Return every consent, those that were taken back too."""
    return [_consent(row) for row in _rows(session, citizen)]


def _rows(session: Session, citizen: Citizen) -> Sequence[Consent]:
    return ConsentRepository(session).of(citizen.id)


def _consent(row: Consent) -> ConsentView:
    columns = {field: getattr(row, field) for field in ConsentView.model_fields if hasattr(row, field)}
    words = [WHAT.get(kind, kind) for kind in row.what]
    return ConsentView(**columns | {"kind_name": KINDS[row.kind], "what": words})


def forget_material(session: Session, citizen: Citizen, material_id: str) -> None:
    repository = MaterialRepository(session)
    if repository.get(citizen.id, material_id) is None:
        raise NotFound("没有这份材料，可能已经删掉了。")
    repository.forget(citizen.id, material_id)


def withdraw(session: Session, citizen: Citizen, consent_id: int) -> None:
    """Take a consent back; what was done with it before stays done."""
    if not any(row.id == consent_id for row in _rows(session, citizen)):
        raise NotFound("没有这条同意记录。")
    ConsentRepository(session).withdraw(citizen.id, consent_id)


@router.get("/me/materials")
async def my_materials(services: ServicesDep, citizen: MeDep) -> list[MaterialView]:
    """Files that were handed in and are offered again for the same material."""
    return await in_session(services, lambda session: materials(session, citizen))


@router.get("/me/materials/{material_id}/file", response_class=Response)
async def my_file(services: ServicesDep, citizen: MeDep, material_id: MaterialId) -> Response:
    """The file itself."""

    def work(session: Session) -> tuple[bytes, str] | None:
        row = MaterialRepository(session).get(citizen.id, material_id)
        return None if row is None else (row.content, row.media_type)

    found = await in_session(services, work)
    if found is None:
        raise NotFound("没有这份材料，可能已经删掉了。")
    headers = {"Content-Disposition": "attachment", "Cache-Control": "no-store"}
    return Response(found[0], media_type=found[1], headers=headers)


@router.delete("/me/materials/{material_id}", status_code=204)
async def delete_material(services: ServicesDep, citizen: MeDep, material_id: MaterialId) -> None:
    await in_session(services, lambda session: forget_material(session, citizen, material_id))


@router.get("/me/consents")
async def my_consents(services: ServicesDep, citizen: MeDep) -> list[ConsentView]:
    """What was agreed to, when, for what, in which words; and what was taken back."""
    return await in_session(services, lambda session: consents(session, citizen))


@router.post("/me/consents/{consent_id}/withdraw", status_code=204)
async def withdraw_consent(services: ServicesDep, citizen: MeDep, consent_id: int) -> None:
    """Take a consent back; next time it is asked for again."""
    await in_session(services, lambda session: withdraw(session, citizen, consent_id))


@router.delete("/me", status_code=204)
async def erase_me(services: ServicesDep, citizen: MeDep) -> None:
    """Delete everything that is known of the citizen. What departments have received is theirs to delete."""
    await in_session(services, lambda session: erase(session, citizen.id))


@router.delete("/conversations/{conversation_id}", status_code=204)
async def erase_conversation(services: ServicesDep, conversation_id: ConversationId, citizen: CitizenDep) -> None:
    """Delete a conversation with all that was said in it and, if nobody signed in, submitted in it."""
    await services.conversations.check(conversation_id, citizen)
    await in_session(services, lambda session: erase_conversations(session, [conversation_id]))
