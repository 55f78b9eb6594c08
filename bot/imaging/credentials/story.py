"""How a result came to be, as its manifest tells it: actions, and what it was made from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.domain.labels.label import Label
from bot.imaging.labels.result_reader import kind_of

_ACTIONS = "c2pa.actions.v2"
_LABELLED = "A visible label was drawn into the picture."


@dataclass(frozen=True, slots=True)
class Ingredient:
    """What a result was made from, in the library's terms."""

    described: dict[str, Any]
    data: bytes


@dataclass(frozen=True, slots=True)
class Story:
    """What is known of a result's making.

    `uploads` are the pictures an engine was given, as it got them; `signed_result` is what it made
    of them where that has a manifest of its own, which is kept.
    """

    label: Label
    uploads: tuple[bytes, ...] = ()
    signed_result: bytes | None = None

    def manifest(self, mime: str, version: str) -> dict[str, Any]:
        """Return the definition of the manifest of a file of that type, by that version of Easel.

        Words alone are `c2pa.created`; with a picture, that is `c2pa.opened` and then edited. Of
        several the first is what was edited, the others were placed in it (C2PA 2.2, 18.15).
        """
        actions = [*self._begun(), {"action": "c2pa.edited", "description": _LABELLED}]
        return {
            "claim_generator_info": [{"name": "Easel", "version": version}],
            "title": f"easel-{self.label.job_id}",
            "format": mime,
            "assertions": [{"label": _ACTIONS, "data": {"actions": actions}}],
        }

    def ingredients(self) -> Iterator[Ingredient]:
        """Yield what it was made from, with the names that the actions use."""
        if self.signed_result is not None:
            yield _ingredient("result", "parentOf", self.signed_result)
        for number, data in enumerate(self.uploads):
            relation = "inputTo" if self.signed_result else "componentOf" if number else "parentOf"
            yield _ingredient(_upload(number), relation, data)

    def _begun(self) -> list[dict[str, Any]]:
        label, uploads = self.label, [_upload(number) for number in range(len(self.uploads))]
        made = datetime.fromtimestamp(label.created_at, UTC)
        agent = {"name": label.system, "version": label.system_version}
        origin = {
            "digitalSourceType": label.origin.source_type,
            "softwareAgent": {name: value for name, value in agent.items() if value},
            "when": f"{made:%Y-%m-%dT%H:%M:%SZ}",
        }
        if self.signed_result is not None:
            return [_action("c2pa.opened", "result"), _action("c2pa.edited", *uploads, **origin)]
        if not uploads:
            return [_action("c2pa.created", **origin)]
        placed = [_action("c2pa.placed", upload) for upload in uploads[1:]]
        return [
            _action("c2pa.opened", uploads[0]),
            *placed,
            _action("c2pa.edited", **origin),
        ]


def _action(name: str, *ingredients: str, **more: Any) -> dict[str, Any]:
    told = {"parameters": {"ingredientIds": list(ingredients)}} if ingredients else {}
    return {"action": name, **told, **more}


def _upload(number: int) -> str:
    return f"upload-{number + 1}"


def _ingredient(name: str, relation: str, data: bytes) -> Ingredient:
    kind = (kind_of(data) or "GIF").lower()
    described = {
        "title": name,
        "relationship": relation,
        "label": name,
        "format": f"image/{kind}",
    }
    return Ingredient(described, data)
