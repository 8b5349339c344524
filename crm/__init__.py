"""Everything a shop knows about its customers: facts, judgement, ways out. A room per floor."""
