#include "crypto/secret_pool.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "base/assert.hpp"

namespace quantconf::crypto {
namespace {

/// 0 for up to 32 bytes, 1 for up to 64, ...
std::size_t class_of(std::size_t size) {
    constexpr std::size_t kMin = SecretPool::kBlockBytesMin;
    return static_cast<std::size_t>(std::bit_width((std::max(size, kMin) - 1) / kMin));
}

constexpr std::size_t block_bytes(std::size_t size_class) {
    return SecretPool::kBlockBytesMin << size_class;
}

void add(const SecretPages& pages, SecretMemoryStatus& status) {
    const std::size_t bytes = pages.bytes().size();
    status.mapped += bytes;
    status.locked += pages.is_locked() ? bytes : 0;
    status.dumped += pages.is_dumped() ? bytes : 0;
    if (pages.lock_error()) {
        status.lock_error = pages.lock_error();
    }
}

}  // namespace

char* SecretPool::take(std::size_t size, std::size_t room) {
    return size > kBlockBytesMax ? take_pages(size, room) : take_block(class_of(size), room);
}

void SecretPool::give_back(char* data, std::size_t size) noexcept {
    if (size <= kBlockBytesMax) {
        free_[class_of(size)].push_back(data);  // cut() has made room.
        return;
    }
    const auto found = large_.find(data);
    QC_ASSERT(found != large_.end());
    mapped_ -= found->second.bytes().size();
    large_.erase(found);
}

char* SecretPool::take_pages(std::size_t size, std::size_t room) {
    if (SecretPages::whole_pages(size) > room) {
        return nullptr;
    }
    auto pages = SecretPages::map(size, on_fork_);
    if (!pages) {
        return nullptr;
    }
    char* data = pages->bytes().data();
    const std::size_t mapped = pages->bytes().size();
    large_.emplace(data, std::move(*pages));
    mapped_ += mapped;
    return data;
}

char* SecretPool::take_block(std::size_t size_class, std::size_t room) {
    auto& free = free_[size_class];
    if (free.empty()) {
        if (rest_.size() < block_bytes(size_class) && !add_chunk(room)) {
            return nullptr;
        }
        cut(size_class);
    }
    char* data = free.back();
    free.pop_back();
    return data;
}

bool SecretPool::add_chunk(std::size_t room) {
    if (next_chunk_ > room) {
        return false;
    }
    auto pages = SecretPages::map(next_chunk_, on_fork_);
    if (!pages) {
        return false;
    }
    while (rest_.size() >= kBlockBytesMin) {  // Too small for what is wanted now, not for what comes later.
        cut(class_of(std::bit_floor(rest_.size())));
    }
    chunks_.push_back(std::move(*pages));
    rest_ = chunks_.back().bytes();
    mapped_ += rest_.size();
    next_chunk_ = std::min(2 * next_chunk_, kChunkBytesMax);
    return true;
}

/// One more free block from the rest of the newest chunk.
void SecretPool::cut(std::size_t size_class) {
    auto& free = free_[size_class];
    const std::size_t count = ++cut_[size_class];
    if (free.capacity() < count) {
        free.reserve(2 * count);  // So that give_back(), which runs in destructors, needs no memory.
    }
    free.push_back(rest_.data());
    rest_ = rest_.subspan(block_bytes(size_class));
}

void SecretPool::add_to(SecretMemoryStatus& status) const {
    for (const SecretPages& pages : chunks_) {
        add(pages, status);
    }
    for (const auto& [data, pages] : large_) {
        add(pages, status);
    }
}

void SecretPool::enter_child() noexcept {
    for (SecretPages& pages : chunks_) {
        pages.enter_child();
    }
    for (auto& [data, pages] : large_) {
        pages.enter_child();
    }
}

}  // namespace quantconf::crypto
