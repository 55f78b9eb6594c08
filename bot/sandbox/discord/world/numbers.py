"""Discord's own numbers, as far as the local one keeps to them."""

EPOCH_MS = 1_420_070_400_000  # first millisecond of Discord's ids (Discord docs, 2026-08)
MIB = 1024 * 1024
UPLOAD_LIMITS = {0: 10 * MIB, 1: 10 * MIB, 2: 50 * MIB, 3: 100 * MIB}  # by premium tier
TEXT, VOICE, NEWS, PUBLIC_THREAD, PRIVATE_THREAD = 0, 2, 5, 11, 12  # kinds (Discord docs, 2026-08)
