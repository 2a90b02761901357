"""The judge of whole conversations: plays dialogues against a running system over HTTP and checks what it answers."""
