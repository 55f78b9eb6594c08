"""Modals: opened by the bot, filled in by a visitor, submitted with text, files and choices."""

from typing import Any

import discord
import pytest

from bot.sandbox.discord.server import DiscordSandbox
from bot.sandbox.discord.visitor import Visitor
from bot.sandbox.discord.world.forms import CannotSend, Upload
from tests.sandbox.discord.conftest import LocalBot, picture


class Form(discord.ui.Modal, title="Restyle"):
    """A modal with one field of every kind."""

    def __init__(self) -> None:
        super().__init__(custom_id="form")
        fields: dict[str, discord.ui.Item[Any]] = {
            "Prompt": discord.ui.TextInput(custom_id="prompt", min_length=2, max_length=9),
            "Pictures": discord.ui.FileUpload(custom_id="pictures", max_values=2),
            "Style": discord.ui.Select(
                custom_id="style", options=[discord.SelectOption(label="oil")], required=False
            ),
            "Ratio": discord.ui.RadioGroup(
                custom_id="ratio",
                options=[discord.RadioGroupOption(label=r, value=r) for r in ("1:1", "3:4")],
            ),
            "Private": discord.ui.Checkbox(custom_id="private"),
        }
        self.fields = fields
        for text, component in fields.items():
            self.add_item(discord.ui.Label(text=text, component=component))
        self.got: dict[str, Any] = {}

    async def on_submit(self, interaction: discord.Interaction) -> None:
        given = {name: getattr(f, "value", None) for name, f in self.fields.items()}
        pictures: Any = self.fields["Pictures"]
        self.got = given | {"Pictures": [await a.read() for a in pictures.values]}
        await interaction.response.send_message("thanks", ephemeral=True)


@pytest.fixture
def form(bot: LocalBot) -> Form:
    made = Form()

    async def open_it(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(made)

    bot.handlers["form"] = open_it
    return made


async def test_a_modal_carries_text_files_and_choices(
    sandbox: DiscordSandbox, ada: Visitor, form: Form
) -> None:
    opened = await ada.use("form")
    assert opened.message is None
    assert opened.modal is not None
    data = picture("green")
    reply = await ada.submit_modal(
        opened,
        {
            "Prompt": "a fox",
            "pictures": [Upload("a.png", data), Upload("b.png", data)],
            "Ratio": "3:4",
            "private": True,
        },
    )
    assert reply.ephemeral
    assert form.got["Prompt"] == "a fox"
    assert form.got["Pictures"] == [data, data]
    assert (form.got["Ratio"], form.got["Private"]) == ("3:4", True)
    sandbox.faults.check()


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"Prompt": "a", "Ratio": "1:1"}, "2-9 characters"),
        ({"Prompt": "a fox", "Ratio": "1:1"}, "1-2 files"),
        ({"Prompt": "a fox", "Ratio": "9:9"}, "offers"),
        ({"Prompt": "a fox", "Ratio": "1:1", "Colour": "red"}, "Colour"),
    ],
)
async def test_a_modal_refuses_what_a_client_would_refuse(
    ada: Visitor, form: Form, values: dict[str, Any], complaint: str
) -> None:
    opened = await ada.use("form")
    assert not form.got
    more = {} if "files" in complaint else {"Pictures": Upload("a.png", picture())}
    with pytest.raises(CannotSend, match=complaint):
        await ada.submit_modal(opened, values | more)


async def test_a_group_of_boxes_takes_as_many_as_it_has_unless_told_otherwise(
    bot: LocalBot, ada: Visitor
) -> None:
    modal = discord.ui.Modal(title="Extras")
    options = [discord.CheckboxGroupOption(label=name, value=name) for name in ("moon", "boats")]
    boxes = discord.ui.CheckboxGroup[discord.ui.LayoutView](custom_id="extras", options=options)
    modal.add_item(discord.ui.Label(text="Extras", component=boxes))

    async def open_it(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(modal)

    async def thank(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("thanks", ephemeral=True)

    modal.on_submit = thank  # type: ignore[method-assign]
    bot.handlers["form"] = open_it
    await ada.submit_modal(await ada.use("form"), {"extras": ["moon", "boats"]})
    assert boxes.values == ["moon", "boats"]


async def test_without_a_modal_there_is_nothing_to_submit(bot: LocalBot, ada: Visitor) -> None:
    reply = await ada.imagine("a fox")
    assert bot.used
    with pytest.raises(CannotSend, match="no modal"):
        await ada.submit_modal(reply, {})
