"""The bench behind ``script/bench``: how long a month's end takes, and beside it a yardstick."""
