"""The published styles of aiart's actions, and which of the artist's own stands in for each."""

from typing import Final

# ImageToImage (style list, 2024-10-31).
RESTYLED: Final = {
    "104": "watercolour",
    "107": "poster",  # cartoon illustration
    "116": "pastel",  # 3D cartoon
    "120": "sepia",  # wood carving
    "121": "pastel",  # clay
    "123": "watercolour",  # fresh Japanese comic
    "124": "poster",  # comic
    "125": "ink",  # fine brushwork
    "126": "pastel",  # jade
    "127": "pastel",  # porcelain
    "128": "oil",  # felt, Western
    "129": "sepia",  # retro
    "130": "sepia",  # steampunk
    "131": "night",  # cyberpunk
    "132": "sketch",
    "133": "oil",  # Monet garden
    "134": "oil",  # impasto
    "135": "oil",  # felt, Asian
    "201": "poster",  # Japanese anime
    "203": "ink",  # classical Chinese
    "210": "poster",  # 2.5D anime
}
RESTYLED_DEFAULT = "201"

# TextToImage (seen in a third party's program, 2025: the published list could not be read).
PAINTED: Final[dict[str, str | None]] = {
    "000": None,
    "101": "ink",
    "102": "oil",  # concept art
    "103": "oil",
    "104": "watercolour",
    "105": "poster",  # pixel
    "106": "oil",  # impasto
    "107": "poster",  # illustration
    "108": "poster",  # paper cut
    "109": "oil",  # impressionism
    "110": "pastel",  # 2.5D
    "111": "sepia",  # classical portrait
    "112": "sketch",
    "113": "night",  # cyberpunk
    "114": "night",  # science fiction
    "115": "night",  # dark
    "116": "pastel",  # 3D
    "117": "pastel",  # vaporwave
    "118": "oil",  # Van Gogh
    "119": "oil",  # impressionism
    "201": "poster",  # Japanese anime
    "202": "night",  # monster
    "203": "ink",  # classical Chinese
    "204": "sepia",  # retro anime
    "301": "poster",  # game cartoon
    "401": None,  # realistic
}
PAINTED_DEFAULT = "201"

# TextToImageRapid (aiart API, 2026-04).
RAPID: Final = {
    "1": "watercolour",  # Miyazaki
    "2": "pastel",  # Shinkai
    "3": "poster",  # "go travel"
    "4": "watercolour",
    "5": "poster",  # pixel
    "6": "pastel",  # fairy tale
    "7": "poster",  # quirky cartoon
    "8": "night",  # cyberpunk
    "9": "poster",  # minimal
    "10": "sepia",  # retro
    "11": "night",  # dark
    "12": "poster",  # pop art
    "13": "pastel",  # candy
    "14": "sepia",  # film
    "15": "sketch",
    "16": "ink",
    "17": "oil",
    "18": "pastel",  # chalk
    "19": "oil",  # clay
    "20": "oil",  # felt
    "21": "oil",  # embroidery
    "22": "sketch",  # colour pencil
    "23": "oil",  # Monet
    "24": "poster",  # Picasso
    "25": "ink",  # Mucha
    "26": "watercolour",  # classical anime
    "27": "poster",  # urban anime
    "28": "night",  # suspense
    "29": "watercolour",  # campus
    "30": "night",  # urban powers
}

# The documents show these two in examples and print no list (aiart API, 2026-04).
PRO: Final = {"riman": "poster", "dongman": "pastel"}
AVATAR: Final = {"flower": "watercolour", "water": "pastel"}
