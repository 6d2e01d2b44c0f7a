"""The tree editor: one page for a draft's tree, on which each step saves at once and can be undone."""
