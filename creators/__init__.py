"""Who posts for us: creators, samples, posts and their organic numbers. Never decides on money."""
