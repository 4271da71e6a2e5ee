"""Histories played through the installed addons: reading (scenario), playing (player)."""
