"""The JSON in which Discord shows messages and what is in them (Discord docs, 2026-08)."""

from bot.sandbox.discord.world import payloads
from bot.sandbox.discord.world.cdn import Cdn
from bot.sandbox.discord.world.message import SELECTS, Attachment
from bot.sandbox.discord.world.people import JSON
from bot.sandbox.discord.world.world import Message

NEW_FIELDS: dict[int, JSON] = {  # what Discord fills in, by component type
    2: {"style": 2, "disabled": False},
    **{kind: {"min_values": 1, "max_values": 1, "disabled": False} for kind in SELECTS},
    11: {"description": None, "spoiler": False},
    13: {"spoiler": False},
    14: {"spacing": 1, "divider": True},
    17: {"accent_color": None, "spoiler": False},
}


def attachment(file: Attachment, cdn: Cdn) -> JSON:
    """Show an attachment with a freshly signed link."""
    url = cdn.url(file)
    shown: JSON = {
        "id": file.id,
        "filename": file.filename,
        "size": len(file.data),
        "url": url,
        "proxy_url": cdn.proxied(url),
        "content_type": file.content_type,
    }
    optional = {"width": file.width, "height": file.height, "description": file.description}
    return shown | {key: value for key, value in optional.items() if value is not None}


def media(asked: JSON, files: list[Attachment], cdn: Cdn) -> JSON:
    """Unfurl a media item: `attachment://name` becomes the file's link, others stay."""
    url = str(asked["url"])
    name = url.removeprefix("attachment://")
    file = next((f for f in files if f.filename == name), None) or cdn.find(url)
    if file is None:
        return {"id": "0", "url": url, "proxy_url": url}
    link = cdn.url(file)
    return {
        "id": file.id,
        "attachment_id": file.id,
        "url": link,
        "proxy_url": cdn.proxied(link),
        "width": file.width,
        "height": file.height,
        "content_type": file.content_type,
    }


def component(asked: JSON, files: list[Attachment], cdn: Cdn) -> JSON:
    """Show a component as Discord gives it back: defaults filled in, media resolved."""
    shown = NEW_FIELDS.get(asked["type"], {}) | {k: v for k, v in asked.items() if v is not None}
    if "components" in asked:
        shown["components"] = [component(c, files, cdn) for c in asked["components"]]
    if asked.get("accessory"):
        shown["accessory"] = component(asked["accessory"], files, cdn)
    if "media" in asked:
        shown["media"] = media(asked["media"], files, cdn)
    if "items" in asked:
        shown["items"] = [gallery_item(item, files, cdn) for item in asked["items"]]
    if "file" in asked:
        shown["file"] = media(asked["file"], files, cdn)
        file = cdn.find(shown["file"]["url"])
        shown |= {"name": file.filename, "size": len(file.data)} if file else {}
    return shown


def gallery_item(item: JSON, files: list[Attachment], cdn: Cdn) -> JSON:
    """Show one picture of a media gallery."""
    return {
        "media": media(item["media"], files, cdn),
        "description": item.get("description"),
        "spoiler": bool(item.get("spoiler")),
    }


def message(shown: Message, cdn: Cdn) -> JSON:
    """Show a message; one that answers an interaction says so."""
    world = shown.channel.world
    edited = shown.edited_at
    body: JSON = {
        "id": shown.id,
        "type": shown.type,
        "channel_id": shown.channel.id,
        "author": payloads.user(shown.author),
        "content": shown.content,
        "timestamp": payloads.timestamp(shown.created_at),
        "edited_timestamp": None if edited is None else payloads.timestamp(edited),
        "tts": False,
        "pinned": False,
        "mention_everyone": shown.mention_everyone,
        "mentions": [payloads.user(world.users[i]) for i in shown.mentions],
        "mention_roles": shown.mention_roles,
        "attachments": [attachment(file, cdn) for file in shown.attachments],
        "embeds": shown.embeds,
        "components": [component(c, shown.attachments, cdn) for c in shown.components],
        "flags": shown.flags,
    }
    if shown.author.bot:
        body["application_id"] = world.bot.id
    if shown.interaction is not None:
        body |= {"webhook_id": world.bot.id, "interaction_metadata": shown.interaction}
    if shown.nonce is not None:
        body["nonce"] = shown.nonce
    if shown.forwards is not None:
        body |= forwarded(shown.forwards, cdn)
    return body | (reference(shown.reference, cdn) if shown.reference else {})


def forwarded(original: Message, cdn: Cdn) -> JSON:
    """Show what a forwarded message repeats: all that is in it, and not who wrote it."""
    link: JSON = {"type": 1, "message_id": original.id, "channel_id": original.channel.id}
    if original.channel.guild:
        link["guild_id"] = original.channel.guild.id
    whole = message(original, cdn)
    kept = (
        "type",
        "content",
        "timestamp",
        "edited_timestamp",
        "flags",
        "mentions",
        "mention_roles",
    )
    shown = {key: whole[key] for key in (*kept, "attachments", "embeds", "components")}
    return {"message_reference": link, "message_snapshots": [{"message": shown}]}


def reference(target: Message, cdn: Cdn) -> JSON:
    """Show which message a reply answers."""
    place = target.channel
    link: JSON = {"type": 0, "message_id": target.id, "channel_id": place.id}
    if place.guild:
        link["guild_id"] = place.guild.id
    shown = None if target.deleted else message(target, cdn)
    return {"message_reference": link, "referenced_message": shown}
