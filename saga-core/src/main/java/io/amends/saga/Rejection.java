package io.amends.saga;

/** A business "no": nothing was changed, and the saga compensates. Never used for technical trouble. */
public interface Rejection extends Reply {}
