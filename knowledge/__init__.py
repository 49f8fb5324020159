"""What people wrote: the playbook's cards, their index and their search."""
