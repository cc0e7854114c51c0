"""Which sign stands for which state: circle empty, half, ticked, and the tone of its chip."""

from recommendations.states import Status

#: Names of the state icons of `ui`.
ICONS: dict[str, str] = {Status.NONE: "empty", Status.PROGRESS: "half", Status.DONE: "ticked"}
#: Tones of the chips of `ui`.
TONES: dict[str, str] = {Status.NONE: "danger", Status.PROGRESS: "warning", Status.DONE: "success"}
