"""Why a finding is there: in the organisation, a team, a few people, or a technical process."""
