"""Training of the bundled model `pocket`, on works of the sample source and on whatever real ones are at hand."""
