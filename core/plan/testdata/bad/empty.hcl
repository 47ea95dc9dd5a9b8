# An empty plan.
