"""What must hold. One file for each room of the house."""
