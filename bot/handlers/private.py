"""The one filter that all message handlers share."""

from telegram.ext import filters

# Groups are left alone: an answer there would show one person's order to the others.
PRIVATE = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
