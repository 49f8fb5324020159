"""What the numbers say beyond themselves: pictures of them, and later what moved them and where they are heading."""
