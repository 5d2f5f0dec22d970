package io.amends.dashboard.rest;

/**
 * Text that is answered as it is. All other text is masked, so that nothing is shown because somebody forgot to mask it.
 *
 * @param text what the caller said, or may see
 */
public record Verbatim(String text) {}
