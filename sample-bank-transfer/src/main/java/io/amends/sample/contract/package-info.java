/** What orchestrator and banks say to each other. */
@NullMarked
package io.amends.sample.contract;

import org.jspecify.annotations.NullMarked;
