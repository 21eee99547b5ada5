"""The shared language of sales-ready: rules over facts, questions for people, verdicts, versions that both teams approved."""
