"""Why a job ended without a picture, as it is kept, what is said of it, and what helps."""
