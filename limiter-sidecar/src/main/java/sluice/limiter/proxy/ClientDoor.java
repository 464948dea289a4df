package sluice.limiter.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;

/**
 * Counts the clients' connections, and stops accepting while there are as many as may be: more than that would be refused by nobody,
 * and would take the memory of those who are served. Belongs to the loop.
 */
final class ClientDoor {

    private final int most;
    private int open;

    ClientDoor(int most) {
        this.most = most;
    }

    /** {@code client} has been accepted at its parent, the listener. */
    void entered(Channel client) {
        open++;
        client.closeFuture().addListener((ChannelFuture _) -> left(client.parent()));
        update(client.parent());
    }

    private void left(Channel listener) {
        open--;
        update(listener);
    }

    private void update(Channel listener) {
        listener.config().setAutoRead(open < most);
    }
}
