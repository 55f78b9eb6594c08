"""The addresses under which Discord gives an attachment back, as its clients use them."""

from urllib.parse import urlencode, urlsplit

import discord

PREVIEW_SIDES = (550, 350)  # the largest that a client shows beside a message (an estimate)


def addresses(message: discord.Message, forwarded: discord.Message) -> dict[str, dict[str, str]]:
    """Return by file name, then by what each address is called, where the file is."""
    copies = {
        each.filename: each.url
        for snapshot in forwarded.message_snapshots
        for each in snapshot.attachments
    }
    found = {}
    for each in message.attachments:
        of_file = {
            "attachment": each.url,
            "proxy": each.proxy_url,
            "preview": _preview(each),
            "forwarded": copies.get(each.filename, ""),
        }
        found[each.filename] = {name: url for name, url in of_file.items() if url}
    return found


def _preview(attachment: discord.Attachment) -> str:
    """Return the address of the small picture that clients show."""
    if not attachment.width or not attachment.height or not attachment.proxy_url:
        return ""
    sides = (attachment.width, attachment.height)
    scale = min(1.0, *(most / side for most, side in zip(PREVIEW_SIDES, sides, strict=True)))
    width, height = (round(side * scale) for side in sides)
    wanted = urlencode({"format": "webp", "width": width, "height": height})
    joint = "&" if urlsplit(attachment.proxy_url).query else "?"
    return f"{attachment.proxy_url}{joint}{wanted}"
