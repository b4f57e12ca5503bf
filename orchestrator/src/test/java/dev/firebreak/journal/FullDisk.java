package dev.firebreak.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** A file on a disk with room for so many bytes: what was written before can be overwritten. */
final class FullDisk extends FileChannel {
  private final FileChannel file;
  private final long bytes;
  private boolean halfway;
  private int forced;

  FullDisk(FileChannel file, long bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  /** How often what was written has been forced to the disk. */
  int forced() {
    return forced;
  }

  /** The next write writes all but the end of what it was given, and fails. */
  void failHalfway() {
    halfway = true;
  }

  @Override
  public int write(ByteBuffer from, long at) throws IOException {
    if (halfway) {
      halfway = false;
      ByteBuffer half = from.duplicate();
      half.limit(from.limit() - 1);
      int unused = file.write(half, at);
      throw new IOException("Input/output error");
    }
    if (at + from.remaining() > bytes) {
      throw new IOException("No space left on device");
    }
    return file.write(from, at);
  }

  @Override
  public void force(boolean metaData) throws IOException {
    forced++;
    file.force(metaData);
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    file.truncate(size);
    return this;
  }

  @Override
  public long size() throws IOException {
    return file.size();
  }

  @Override
  protected void implCloseChannel() throws IOException {
    file.close();
  }

  @Override
  public int read(ByteBuffer to) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long read(ByteBuffer[] to, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int write(ByteBuffer from) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long position() {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileChannel position(long position) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long transferFrom(ReadableByteChannel from, long position, long count) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int read(ByteBuffer to, long position) throws IOException {
    return file.read(to, position);
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) {
    throw new UnsupportedOperationException();
  }
}
