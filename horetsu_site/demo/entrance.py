"""Where the demo shop stands and who opens it."""

SLUG = "otonari"
EMAIL = "miura@otonari-chaho.example"
PASSWORD = "otonari-no-ocha"  # for a machine of one's own; `seed_demo` runs in local mode only
