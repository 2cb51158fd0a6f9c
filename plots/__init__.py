"""Stories to pictures: scene, layout, backends."""
