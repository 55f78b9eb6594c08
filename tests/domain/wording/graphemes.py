"""What a reader takes for one letter and a program for several."""

EMOJI = "<:Frosted_Wreath:123456789012345678>"


FAMILY, FLAG, THUMB = "👨\u200d👩\u200d👧\u200d👦", "🇩🇪", "👍🏽"
