/** The outbox and its relay beside a hand-written loop and other libraries: servers, rounds and report. */
@NullMarked
package io.amends.benchmarks.outbox;

import org.jspecify.annotations.NullMarked;
