"""Who may ask for which paper."""

from __future__ import annotations

from accounts.models import User
from reports.states import FACTS, Paper


def may_ask_for(user: User, paper: Paper) -> bool:
    """MAPO's own papers are MAPO's; a paper with files in it is for those who see files."""
    facts = FACTS[paper]
    if facts.is_of_mapo and not user.is_mapo:
        return False
    return not facts.sees_files or user.is_mapo or user.is_agency_actor


def papers_of(user: User) -> list[Paper]:
    """Every paper that a person may ask for, in the order of the list."""
    return [paper for paper in Paper if may_ask_for(user, paper)]
