/** Draws definitions as text, for documents and pages that render Mermaid. */
@NullMarked
package io.amends.saga.diagram;

import org.jspecify.annotations.NullMarked;
