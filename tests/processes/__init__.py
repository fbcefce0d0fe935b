"""Real servers, workers and beats, killed and started again."""
