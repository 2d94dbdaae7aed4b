"""A station without hardware: fake ports under the real workflow and the real screen."""
