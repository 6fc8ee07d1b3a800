"""Why a programme is as it is: a post, an alliance, a resident's way."""
