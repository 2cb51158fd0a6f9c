import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * The notes' server, on Java's channels: it does what it is told, line by line, and tells each call as a JSON object.
 *
 * <p>java NioServer.java ADDRESS PORT says "listening" when a client may come. Orders: "accept LOCAL REMOTE", "write
 * SIZE", "select", "read", "close"; it says "done" after each. LOCAL and REMOTE are the endpoints as the recording names
 * them.
 */
public class NioServer {
    /** Java has no errno: all that a program gets is the exception's message. */
    private static final Map<String, String> ERRNO = Map.of(
        "Broken pipe", "EPIPE", "Connection reset by peer", "ECONNRESET", "Connection reset", "ECONNRESET");

    private static SocketChannel channel;
    private static Selector selector;
    private static String ends = "";

    public static void main(String[] arguments) throws Exception {
        ServerSocketChannel listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress(InetAddress.getByName(arguments[0]), Integer.parseInt(arguments[1])));
        System.out.println("listening");
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            String[] words = order.split(" ");
            switch (words[0]) {
                case "accept" -> {
                    ends = ", \"local\": \"" + words[1] + "\", \"remote\": \"" + words[2] + "\"";
                    call("accept", "accept()", 0, () -> {
                        channel = listener.accept();
                        return 0;
                    });
                    channel.configureBlocking(false);
                    selector = Selector.open();
                    channel.register(selector, SelectionKey.OP_READ);
                }
                case "write" -> {
                    int size = Integer.parseInt(words[1]);
                    ByteBuffer data = ByteBuffer.allocate(size);
                    call("write", "write(" + size + " bytes)", size, () -> channel.write(data));
                }
                case "read" -> {
                    ByteBuffer data = ByteBuffer.allocate(4096);
                    call("read", "read(4096)", 4096, () -> channel.read(data));
                }
                case "select" -> {
                    selector.selectedKeys().clear();
                    call("select", "select()", 0, () -> selector.select());
                }
                case "close" -> call("close", "close()", 0, () -> {
                    channel.close();
                    return 0;
                });
                default -> throw new IllegalArgumentException(order);
            }
            System.out.println("done");
        }
    }

    /** Makes a call, and tells what came of it. */
    private static void call(String name, String text, int size, Callable<Integer> made) throws Exception {
        Integer result = -1;
        String more = "";
        long started = now();
        try {
            result = made.call();
        } catch (IOException error) {
            String errno = ERRNO.getOrDefault(error.getMessage(), "unknown");
            more = ", \"errno\": \"" + errno + "\", \"says\": \"" + error.toString().replace("\"", "'") + "\"";
        }
        long ended = now();
        if (name.equals("read") && result == -1 && more.isEmpty()) {
            more = ", \"says\": \"EOF\"";
        }
        System.out.println("{\"call\": \"" + name + "\", \"text\": \"" + text + "\", \"t_ns\": " + started
            + ", \"until_ns\": " + ended + ", \"arguments\": [null, null, " + size + "], \"result\": " + result
            + more + ends + "}");
    }

    private static long now() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }
}
