"""Whole CRMs with known failures: what the checks are tried on.

A world is made from a plan in three steps: what really happens in a sales team (people, customers,
journeys of deals), what of it is typed into the CRM, when and how carelessly (rhythm, entries,
history), and how a user would bring it (adapters). Labels tell what went wrong on purpose; they
come from the process that made the records. Nothing here imports the checks or their words.

    world = make_world(healthy(seed=7, reps=20).planting(Planted("lost-deal-without-reason", 0.4)))
    world.labelled("lost-deal-without-reason")      # ids of the records
    write_salesforce(world, folder)                 # what a user would bring
    context_of(world)                               # what checks read: tests.world_snapshots
"""
