import os

from hypothesis import settings

# The same examples on every run, and no clock: a slow machine is no failure.
settings.register_profile("ci", derandomize=True, deadline=None, database=None, max_examples=80)
# For a change to the rule: HYPOTHESIS_PROFILE=hunt pytest tests/crm/stages (minutes).
settings.register_profile("hunt", deadline=None, database=None, max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
