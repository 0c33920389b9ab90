"""What a claim asks for, measured: one small file a family of measures; arrays of one build in, a found figure out."""
