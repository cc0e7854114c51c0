"""Rows of evidence: an agency's own people and MAPO; for observers and other agencies there is no file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from accounts.clearance import Clearance
from accounts.models import User
from evidence import storage
from evidence.models import Document
from evidence.services.lifecycle import withdraw_document
from evidence.services.scans import mark_previewed
from tests.evidence import files
from tests.factories.accounts import World
from tests.factories.evidence import make_document, make_upload
from tests.matrix import ADMINISTRATOR, AGENCY, MAPO, Answer, Row, only

Kwargs = Callable[[World], dict[str, Any]]
REASON = {"reason": "Salah fail"}


def furnish(world: World, now: datetime) -> None:
    """Remembers the instant: files are made when a row asks for one, for the disk is slow and rows are many."""
    world.extra["now"] = now


def _document(key: str) -> Kwargs:
    """The document of this key ("own_image" and so on), made when first asked for."""

    def kwargs(world: World) -> dict[str, Any]:
        if key not in world.extra:
            target, _separator, kind = key.partition("_")
            actor = world.people["officer"] if target == "own" else world.foreign_officer
            world.extra[key] = _MAKERS[kind](actor, world.extra["now"]).pk
        return {"document_id": world.extra[key]}

    return kwargs


def _image(actor: User, now: datetime) -> Document:
    """An image with its preview."""
    image = make_document(actor.agency, actor=actor, now=now, name="Gambar.png", content=files.png())
    storage.store_preview(image.stored_name, content=files.jpeg())
    mark_previewed(image)
    return image


def _withdrawn(actor: User, now: datetime) -> Document:
    """A file that its agency took back."""
    document = make_document(actor.agency, actor=actor, now=now)
    return withdraw_document(document, reason="Salah fail", actor=actor, now=now)


_MAKERS = {"image": _image, "withdrawn": _withdrawn}


def _file(_world: World) -> dict[str, Any]:
    return {"file": make_upload("Baharu.pdf"), "classification": Clearance.RESTRICTED.value}


def _own_file(world: World) -> dict[str, Any]:
    return {**_file(world), "agency": world.own.pk}


def _paper(world: World) -> dict[str, Any]:
    return {"reference_number": "KDN 1", "classification": Clearance.SECRET.value, "agency": world.own.pk}


def _rows(
    name: str,
    *,
    own: dict[str, Answer],
    foreign: dict[str, Answer],
    method: str = "get",
    key: str = "image",
    data: Callable[[World], dict[str, Any]] = lambda _world: {},
) -> list[Row]:
    """The row of one's own document and that of another agency's."""
    return [
        Row(
            f"evidence:{name}",
            expected,
            method=method,
            target=target,
            kwargs=_document(f"{target}_{key}"),
            data=data,
        )
        for target, expected in (("own", own), ("foreign", foreign))
    ]


_ALL = only(*AGENCY, *MAPO)
_AGENCY, _NOBODY, _MAPO = only(*AGENCY), only(), only(*MAPO)

ROWS = [
    Row("evidence:list", _ALL),
    Row("evidence:checks", only(ADMINISTRATOR)),
    Row("evidence:upload", _ALL),
    Row("evidence:upload", only(*AGENCY, *MAPO, answer=201), method="post", data=_own_file),
    Row("evidence:register", _ALL),
    Row("evidence:register", only(*AGENCY, *MAPO, answer=302), method="post", data=_paper),
    *_rows("detail", own=_ALL, foreign=_MAPO),
    *_rows("download", own=_ALL, foreign=_MAPO),
    *_rows("preview", own=_ALL, foreign=_MAPO),
    *_rows("withdraw", own=_AGENCY, foreign=_NOBODY),
    *_rows(
        "withdraw", own=only(*AGENCY, answer=302), foreign=_NOBODY, method="post", data=lambda _world: REASON
    ),
    *_rows("replace", own=_AGENCY, foreign=_NOBODY),
    *_rows("replace", own=only(*AGENCY, answer=302), foreign=_NOBODY, method="post", data=_file),
    *_rows("restore", own=only(*AGENCY, answer=302), foreign=_NOBODY, method="post", key="withdrawn"),
    *_rows(
        "describe",
        own=_ALL,
        foreign=_MAPO,
        method="post",
        data=lambda _world: {"classification": Clearance.RESTRICTED.value},
    ),
    *_rows("seal", own=only(ADMINISTRATOR), foreign=only(ADMINISTRATOR)),
    *_rows(
        "seal",
        own=only(ADMINISTRATOR, answer=302),
        foreign=only(ADMINISTRATOR, answer=302),
        method="post",
        data=lambda _world: REASON,
    ),
    *_rows(
        "rescan", own=only(ADMINISTRATOR, answer=409), foreign=only(ADMINISTRATOR, answer=409), method="post"
    ),
]
